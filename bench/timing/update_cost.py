"""What a rule's update costs: nanoseconds and bytes of state a coordinate, measured beside sgd and
adam.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from ...kernels.blas import one_thread
from ...kernels.block import run_lanes
from ...kernels.groups import Kernels, Plan, Setup
from ...kernels.jit import builtin_kernel
from ...kernels.optimizer import Optimizer
from ...kernels.padding import tensor_layout
from ...kernels.signatures import update_signature
from ...problems.analytic.quadratic import bowl
from ...problems.data_set import DataSet
from ...problems.problem import Problem
from ..plugins import discovery
from ..runs.run import run_block
from ..sweep.sweep import Block

LANES = 64
SHAPES = (("w", (8, 6)), ("b", (16,)))
"""64 coordinates of 64 lanes: with two slots 128 kB, inside a second-level cache."""
STEPS = 40
"""Few enough that no rule is done before."""


def state_bytes(optimizer: Optimizer, shapes=SHAPES, dtype: str = "float64") -> float:
    """Bytes of slots for each parameter of tensors of these shapes."""
    layout = tensor_layout(shapes)
    dim = int((layout[:, 1] * layout[:, 2]).sum())
    state = optimizer.initial_state(np.zeros((dim, 1)), layout)
    return state.shape[0] * np.dtype(dtype).itemsize / dim


def nanoseconds(optimizers: list[Optimizer], rounds: int = 15) -> list[float]:
    """Nanoseconds an update takes a coordinate, all rules in turn in every round, the best round of
    each.

    Runs of the compiled loop on a quadratic, without what it takes to do nothing there. A rule that
    evaluates again pays for that too.
    """
    bowl_problem = _bowl()
    timed = [
        Block(
            problem=bowl_problem,
            optimizer=rule,
            steps=STEPS,
            lrs=np.full(LANES, rule.lr or np.nan),
            seeds=np.arange(LANES),
        )
        for rule in optimizers
    ]
    best, idle = np.full(len(timed), np.inf), np.inf
    for _ in range(rounds):
        idle = min(idle, _idle())
        for k, block in enumerate(timed):
            record = run_block(block, np.array([0, STEPS]))
            best[k] = min(best[k], record.nanoseconds / max(1, record.lane_steps))
    return [float(value) for value in np.maximum(best - idle, 0.0) / bowl_problem.dim]


def beside_known(optimizer: Optimizer) -> tuple[float, float, float]:
    """Nanoseconds a coordinate, and the ratios to sgd's and adam's in the same rounds."""
    own, sgd, adam = nanoseconds(
        [optimizer, discovery.get_optimizer("sgd"), discovery.get_optimizer("adam")]
    )
    return own, own / max(sgd, 1e-3), own / max(adam, 1e-3)


def step_nanoseconds(problem: Problem, rounds: int = 5) -> float:
    """Nanoseconds a step of sgd takes a run of the problem, the best round; it hardly moves."""
    lanes = np.zeros(LANES, np.int64) if problem.data_set.batch else np.arange(LANES)
    sgd = discovery.get_optimizer("sgd")
    block = Block(
        problem=problem, optimizer=sgd, steps=STEPS, lrs=np.full(LANES, 1e-300), seeds=lanes
    )
    with one_thread(problem.data_set.samples > 0):
        done = [run_block(block, np.array([0, STEPS])) for _ in range(rounds)]
    return min(record.nanoseconds / record.lane_steps for record in done)


@cache
def _bowl() -> Problem:
    dim = sum(int(np.prod(shape)) for _, shape in SHAPES)
    return Problem(
        bowl,
        np.linspace(1.0, 2.0, dim),
        0.3,
        STEPS,
        "a quadratic",
        minimum=0.0,
        data_set=DataSet(np.geomspace(0.01, 1.0, dim)),
        shapes=SHAPES,
        family="update_cost",
    )


def _idle() -> float:
    """Nanoseconds a step of a run in which nothing is updated."""
    problem, none = _bowl(), np.zeros(0)
    setup = Setup(
        settings=none,
        lr=np.zeros(LANES),
        layout=tensor_layout(SHAPES),
        multipliers=np.ones(STEPS),
        reported=-1,
        counts_evaluations=False,
    )
    record = run_lanes(
        Kernels(problem.kernel(), idle_update("float64")),
        problem.starts(np.arange(LANES)),
        np.zeros((0, LANES)),
        problem.feed(range(LANES)),
        setup,
        Plan(np.array([0, STEPS]), none, False),
    )
    return record.nanoseconds / record.lane_steps


def _leave(x, g, loss, t, scale, state, settings, lr, layout, evaluate):
    pass


@cache
def idle_update(dtype: str) -> Callable:
    """An update kernel that leaves everything as it is."""
    return builtin_kernel(_leave, update_signature(dtype))
