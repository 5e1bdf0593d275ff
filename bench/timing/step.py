"""`optbench cost`: what a step of an optimizer on a problem costs, and what share of the machine's
peak it reaches.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace

import click
import numpy as np
from rich.markup import escape
from rich.table import Table

from ...kernels.blas import one_thread
from ...kernels.grammar import InputError, split
from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem
from ..plugins import discovery
from ..runs.run import run_block
from ..sweep.block import Block
from ..sweep.request import Request
from ..sweep.sweep import plan
from ..terminal.console import open_console
from ..terminal.typed import as_typed
from . import update_cost
from .compiling import compile_seconds

SECONDS = 0.05
"""A timed round of the loop takes about so long."""
ROUNDS = 15
"""The best of so many counts."""
PEAK_SIZE = 1024
"""Rows and columns of the matrices whose product shows the machine's peak."""
LEAST_STEPS = 20
"""Of a timed round, also where they take longer than SECONDS."""
STILL_LR = 1e-300
"""A learning rate at which runs hardly move, so that none diverges or is done while it is timed."""


def cost(
    problem: str, optimizer: str, dtype: str, lanes: int | None, compiling: bool, as_json: bool
) -> None:
    """Measure and print. lanes : runs of the block; None means the first block that `optbench run`
    forms.

    compiling : time compilation as well, in a process of its own. Raises InputError for unknown
    names and values out of range.
    """
    if lanes is not None and not 1 <= lanes <= 4096:
        raise InputError(f"lanes must be a number from 1 to 4096, not {lanes}")
    prob, rule = (
        discovery.get_problem(_one("problem", problem)),
        discovery.get_optimizer(_one("optimizer", optimizer)),
    )
    block = _block(prob, rule, dtype, lanes)
    with open_console(stderr=True).status("compiling and timing") as status:
        found = {
            "problem": prob.name,
            "optimizer": rule.name,
            "dtype": dtype,
            "lanes": block.lrs.size,
        }
        try:
            found |= measured(block)
        except Exception as error:
            reason = " ".join(str(error).split())[:300] or type(error).__name__
            raise click.ClickException(
                f"{rule.name} on {prob.name} can't be timed: {reason}"
            ) from error
        if compiling:
            status.update("compiling anew in a process of its own, to time it")
            found["compile_seconds"] = compile_seconds(prob, rule, dtype)
    if as_json:
        print(json.dumps(found, indent=2))
        return
    table = Table(
        title=escape(f"{rule.name} on {prob.name}, {dtype}, {block.lrs.size} lanes, one thread"),
        show_header=False,
    )
    table.add_column()
    table.add_column(justify="right")
    for row in _rows(found):
        table.add_row(*row)
    open_console().print(table)


def _one(kind: str, text: str) -> str:
    """The only name in the text. Raises InputError where there are several."""
    names = split(as_typed(text))
    if len(names) != 1:
        raise InputError(f"one {kind} at a time, not {', '.join(names)}")
    return names[0]


def _block(problem: Problem, optimizer: Optimizer, dtype: str, lanes: int | None) -> Block:
    """The block to be timed, its runs held still."""
    asked = Request(problems=[problem], optimizers=[optimizer], dtype=dtype)
    first = plan(asked).blocks()[0]
    if lanes is not None:
        seeds = np.zeros(lanes, np.int64) if problem.data_set.batch else np.arange(lanes)
        first = replace(first, lrs=np.full(lanes, first.lrs[0]), seeds=seeds)
    if optimizer.evaluations != 1:
        # a line search held still would evaluate more often than it does
        return first
    return replace(first, lrs=np.where(np.isnan(first.lrs), first.lrs, STILL_LR))


def measured(block: Block) -> dict:
    """What a step of a run of the block costs, as `optbench cost --json` prints it.

    ns_... : nanoseconds, the best of ROUNDS.  product_operations : of the matrix products of a
    step; None without any.  gflops, peak_gflops : thousand million of them a second, here and at
    best.
    """
    problem, optimizer = block.problem, block.optimizer
    with one_thread():
        steps = _steps(block)
        gradient, update, noise = _nanoseconds(block, steps)
        peak = _peak(block.dtype)
    operations = problem.data_set.product_operations * problem.data_set.rows_seen(steps) / steps
    state = update_cost.state_bytes(optimizer, problem.shapes, block.dtype)
    return {
        "ns_per_step": gradient + update,
        "ns_gradient": gradient,
        "ns_update": update,
        "ns_update_noise": noise,
        "product_operations": operations or None,
        "gflops": operations / gradient if operations else None,
        "peak_gflops": peak,
        "share_of_peak": operations / gradient / peak if operations else None,
        "parameters": problem.dim,
        "state_bytes_per_parameter": state,
        "bytes_per_run": (2 * np.dtype(block.dtype).itemsize + state) * problem.dim,
    }


def _run(block: Block, steps: int, update: Callable | None = None) -> float:
    """Nanoseconds of `steps` steps of a run in the loop, without evaluations of the objective,
    which are off the clock.
    """
    record = run_block(replace(block, steps=steps), np.array([0, steps]), update=update)
    return steps * record.nanoseconds / max(1, record.lane_steps)


def _steps(block: Block) -> int:
    """Steps of a timed round: whole epochs, if they are short."""
    steps = int(
        np.clip(SECONDS * 1e9 * 4 / max(_run(block, 4) * block.lrs.size, 1.0), LEAST_STEPS, 100_000)
    )
    epoch = max(1, block.problem.data_set.steps_per_epoch)
    return steps // epoch * epoch or steps


def _nanoseconds(block: Block, steps: int) -> tuple[float, float, float]:
    """Of a step of a run: the gradient with the loop's own work; the update, and how far that is
    from being certain.

    The loop is timed in turn with the update and with one that does nothing. Where a gradient
    brings the objective, there is one more of them than updates, after the last.
    """
    idle = update_cost.idle_update(block.dtype)
    gradients = steps + (block.problem.deterministic and block.optimizer.reported is None)
    pairs = np.array([(_run(block, steps), _run(block, steps, idle)) for _ in range(ROUNDS)])
    whole, without = pairs.min(axis=0)
    # a difference of two: as uncertain as the quickest quarter of the loops without it differ among
    # themselves
    noise = float(np.quantile(pairs[:, 1], 0.25) - without)
    return float(without) / gradients, max(float(whole - without), 0.0) / steps, noise / steps


def _peak(dtype: str) -> float:
    """Thousand million operations a second of a large matrix product on one thread, best of
    some.
    """
    left, right = np.random.default_rng(0).normal(size=(2, PEAK_SIZE, PEAK_SIZE)).astype(dtype)
    times = []
    for _ in range(6):
        began = time.perf_counter()
        np.matmul(left, right)
        times.append(time.perf_counter() - began)
    return 2 * PEAK_SIZE**3 / min(times) / 1e9


def _ns(nanoseconds: float) -> str:
    return (
        f"{nanoseconds:,.1f} ns" if nanoseconds < 100 else f"{float(f'{nanoseconds:.3g}'):,.0f} ns"
    )


def _rows(found: dict) -> list[tuple[str, str]]:
    """The table's rows: what is measured, and its value with its unit."""
    rows = [
        ("a step of a run", _ns(found["ns_per_step"])),
        ("  gradient, and the loop's own work", _ns(found["ns_gradient"])),
        (
            "  update, with what it evaluates again",
            _ns(found["ns_update"])
            if found["ns_update"] > found["ns_update_noise"]
            else f"below {_ns(found['ns_update_noise'])}, the noise",
        ),
    ]
    if found["product_operations"]:
        rows += [
            ("matrix products a gradient", f"{found['product_operations']:,.0f} FLOP"),
            ("  a second", f"{found['gflops']:.1f} GFLOP/s"),
            (
                f"  share of this machine's {found['peak_gflops']:.0f} GFLOP/s",
                f"{found['share_of_peak']:.0%}",
            ),
        ]
    rows += [
        ("parameters", f"{found['parameters']:,}"),
        ("state a parameter", f"{found['state_bytes_per_parameter']:.4g} bytes"),
        ("x, gradient and state of a run", f"{found['bytes_per_run'] / 1024:,.1f} KiB"),
    ]
    if "compile_seconds" in found:
        compiled = found["compile_seconds"]
        seconds = {part: f"{value:.1f} s" for part, value in (compiled or {}).items()}
        rows += [
            (f"compiling the {part}", seconds.get(part, "not known"))
            for part in ("gradient", "update", "loop")
        ]
    return rows
