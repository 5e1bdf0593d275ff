"""optbench beside optax on the same core: `python -m optbench.bench.timing.peers`, with `pip
install -e '.[peers]'`.

Adam on a small network, the same starts, mini-batches and learning rates, in one process for each
dtype, timed in turn, best of many rounds. optax runs as its users would have it fast: the whole
training under jit and scan, one run, or the runs of a block vmapped or mapped, of which the
quickest counts. Linux, since processes are held to cores.
"""

# pyright: reportMissingImports=false
# jax and optax come with the extra `peers` alone

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import replace as replaced
from itertools import pairwise

import numpy as np
from rich.table import Table

from ...kernels.blas import one_thread
from ...kernels.network.layout import read
from ...kernels.optimizer import Optimizer
from ...kernels.signatures import DTYPES
from ...problems.dense import dense_problem
from ...problems.problem import Problem
from ...problems.split import split
from ...problems.tables import table
from ..plugins import discovery
from ..runs.run import run_block
from ..sweep.sweep import Block
from ..terminal.console import open_console, plain_output

ROUNDS = 20
LR = 1e-3


@dataclass(frozen=True)
class Case:
    """A comparison: problem, its widths and steps, lanes, and the ratio (optax over optbench) that
    is asked for.
    """

    problem: str
    widths: tuple[int, ...]
    steps: int
    lanes: int
    cores: int
    asked: dict[str, float]


CASES = [
    Case("digits", (64, 32, 10), 300, 16, 1, {"float64": 1.2, "float32": 1.1}),
    # what `optbench run` forms: one seed, nine learning rates, the padding counted as cost
    Case("digits", (64, 32, 10), 300, 9, 1, {"float64": 1.0, "float32": 1.0}),
    Case("digits", (64, 32, 10), 300, 16, 2, {"float64": 2.0, "float32": 2.0}),
    Case("xor", (2, 2, 1), 2000, 256, 1, {}),
]


def digits() -> Problem:
    """The problem `digits` without the rows that would make an epoch's last batch a short one,
    which scan can't have.
    """
    pixels, classes = table("digits")
    inputs, labels, *_ = split(pixels / 16.0, classes)
    whole = len(inputs) // 64 * 64
    return dense_problem(
        [64, 32, 10],
        "tanh",
        "softmax_cross_entropy",
        inputs[:whole],
        labels[:whole],
        batch=64,
        budget=1,
        source="",
        family="whole_batches",
        levels=(0.0,),
    )


PROBLEMS = {"digits": digits, "xor": lambda: discovery.get_problem("xor")}


def ours(case: Case, block: Block) -> float:
    """Nanoseconds a step a run; on two cores two blocks at once, wall time of the slower."""
    grid = np.array([0, case.steps])
    if case.cores == 1:
        done = run_block(block, grid)
        return done.nanoseconds / done.lane_steps
    other = replaced(block, seeds=block.seeds + 1)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda part: run_block(part, grid), (block, other)))
    return max(done.nanoseconds for done in both) / sum(done.lane_steps for done in both)


def theirs(case: Case, problem: Problem, block: Block) -> dict[str, Callable[[], object]]:
    """optax's ways to do the same runs, each a function that waits for its losses (steps,) or (L,
    steps).
    """
    import jax
    import jax.numpy as jnp
    import optax
    from jax import lax

    dtype, labels = block.dtype, case.widths[-1] > 1
    described = read(problem.data_set.data)
    inputs, targets = jnp.asarray(described.inputs, dtype), described.targets
    truth = jnp.asarray(targets[:, 0].astype(int)) if labels else jnp.asarray(targets, dtype)
    rows = (
        jnp.asarray(np.stack([problem.rows(0, step) for step in range(1, case.steps + 1)]))
        if problem.data_set.batch
        else None
    )

    def loss(layers, x, y):
        for weights, bias in layers[:-1]:
            x = jnp.tanh(x @ weights + bias)
        z = x @ layers[-1][0] + layers[-1][1]
        return (
            optax.softmax_cross_entropy_with_integer_labels(z, y).mean()
            if labels
            else ((z - y) ** 2).mean()
        )

    def train(layers, lr):
        rule = optax.adam(lr)

        def step(carried, batch):
            layers, state = carried
            x, y = (inputs, truth) if batch is None else (inputs[batch], truth[batch])
            found, slope = jax.value_and_grad(loss)(layers, x, y)
            updates, state = rule.update(slope, state, layers)
            return (optax.apply_updates(layers, updates), state), found

        return lax.scan(step, (layers, rule.init(layers)), rows, length=case.steps)[1]

    def layers_of(x):
        made, at = [], 0
        for fan_in, fan_out in pairwise(case.widths):
            weights = x[..., at : at + fan_in * fan_out].reshape(*x.shape[:-1], fan_in, fan_out)
            made.append((weights, x[..., at + fan_in * fan_out : at + (fan_in + 1) * fan_out]))
            at += (fan_in + 1) * fan_out
        return made

    starts = jnp.asarray(problem.starts(block.seeds).T, dtype)
    lrs = jnp.asarray(block.lrs, dtype)
    one, many = jax.jit(train), jax.jit(jax.vmap(train))
    mapped = jax.jit(lambda layers, lrs: lax.map(lambda pair: train(*pair), (layers, lrs)))
    first, every = layers_of(starts[0]), layers_of(starts)
    ways = {"jit + scan": lambda: one(first, lrs[0]), "jit + scan + vmap": lambda: many(every, lrs)}
    if case.lanes <= 16:  # one after the other, 256 runs take the time of 256
        ways["jit + scan + map"] = lambda: mapped(every, lrs)
    return {name: lambda way=way: jax.block_until_ready(way()) for name, way in ways.items()}


def compare(case: Case, dtype: str) -> tuple[float, dict[str, float]]:
    """Nanoseconds a step a run of optbench, and of each of optax's ways."""
    problem, rule = PROBLEMS[case.problem](), discovery.get_optimizer("adam", lr=LR)
    seeds = np.zeros(case.lanes, np.int64) if problem.data_set.batch else np.arange(case.lanes)
    block = Block(
        problem=problem,
        optimizer=rule,
        dtype=dtype,
        steps=case.steps,
        lrs=np.full(case.lanes, LR),
        seeds=seeds,
    )
    ways = theirs(case, problem, block)
    runs = {name: 1 if name == "jit + scan" else case.lanes for name in ways}
    _same_work(problem, rule, np.asarray(ways["jit + scan"]()), dtype)
    best, others = np.inf, dict.fromkeys(ways, np.inf)
    with one_thread():
        for _ in range(ROUNDS):
            os.sched_setaffinity(0, PROCESSORS[: case.cores])
            best = min(best, ours(case, block))
            os.sched_setaffinity(0, PROCESSORS[:1])
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                others[name] = min(
                    others[name], (time.perf_counter() - began) * 1e9 / (case.steps * runs[name])
                )
    return best, others


def _same_work(problem: Problem, rule: Optimizer, losses: np.ndarray, dtype: str) -> None:
    """Raises RuntimeError where optax's losses (steps,) of seed 0 aren't those of a walk by
    hand.
    """
    walk = rule.start(problem.start(0), problem=problem)
    for step, other in enumerate(losses[:50], 1):
        loss, g = problem.gradient(walk.x, seed=0, step=step)
        if abs(other - loss) > (1e-9 if dtype == "float64" else 1e-3) * abs(loss):
            raise RuntimeError(
                f"{problem.name}, {dtype}: optax does other work, loss {other} and not {loss} at"
                f" step {step}"
            )
        walk.step(g)


PROCESSORS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


def measure(dtype: str) -> None:
    """The comparisons of one dtype, in this process."""
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    if dtype == "float64":
        os.environ["JAX_ENABLE_X64"] = "1"
    os.sched_setaffinity(0, PROCESSORS[:1])
    shown = Table(title=f"Adam, {dtype}, ns a step a run; optax on one core")
    for heading in ("problem", "lanes", "cores", "optbench", "optax", "its way", "ratio", "asked"):
        shown.add_column(heading, justify="left" if heading in ("problem", "its way") else "right")
    console = open_console(width=110)
    with console.status("timing"):
        for case in CASES:
            if case.cores > len(PROCESSORS):
                continue
            mine, others = compare(case, dtype)
            way = min(others, key=lambda name: others[name])
            asked = f"{case.asked[dtype]:.1f}" if dtype in case.asked else ""
            shown.add_row(
                case.problem,
                str(case.lanes * case.cores),
                str(case.cores),
                f"{mine:,.1f}",
                f"{others[way]:,.1f}",
                way,
                f"{others[way] / mine:.2f}",
                asked,
            )
    console.print(shown)


def main() -> None:
    """Measure every dtype in a process of its own: jax fixes its widest dtype when it starts."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for dtype in DTYPES:
        subprocess.run([sys.executable, "-m", "optbench.bench.timing.peers", dtype], check=True)


if __name__ == "__main__":
    plain_output()
    main()
