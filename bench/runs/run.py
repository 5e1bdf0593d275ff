"""Blocks -> results; where they are computed is an executor."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from ...kernels.blas import one_thread
from ...kernels.block import run_lanes
from ...kernels.grammar import InputError
from ...kernels.groups import Kernels, Plan, Record, setup_of
from ...kernels.known_modules import is_builtin
from ...kernels.optimizer import Optimizer
from ...kernels.padding import tensor_layout
from ...problems.problem import Problem
from ..plugins import diagnosis
from ..sweep import suites
from ..sweep.sweep import Block, Sweep, of_words, recording_grid
from ..terminal.notices import notice
from . import failures
from .executors import processors, threads
from .results import Results
from .schema import Done, table_of
from .store import Store


def run(
    problems: Iterable[str | Problem] | None = None,
    optimizers: Iterable[str | Optimizer] | None = None,
    lrs: Sequence[float] | np.ndarray | float | None = None,
    seeds: int | Sequence[int] | None = None,
    steps: int | None = None,
    schedule: str | None = None,
    stop: str | None = None,
    dtype: str | None = None,
    store: str | Path | None = None,
    workers: int | None = None,
    progress: bool = False,
    suite: str | None = None,
    lr_count: int | None = None,
    kinds: Sequence[str] | None = None,
) -> Results:
    """Run every optimizer on every problem, at every learning rate and seed.

    problems, optimizers : names in the grammar or objects; None means the default sweep, "all"
    every optimizer.
    lrs : None means half-decades around each optimizer's default, lr_count of them; None means
    nine. A name with a rate, "adam[lr=0.1]", means that one alone.
    seeds : how many, or which; None means 5.  steps : gradient evaluations a run; None means each
    problem's budget.
    schedule : None means "constant".  dtype : "float64" (None) or "float32", the storage of x, g,
    slots and data.
    stop : "budget" (None), or "target" to end a run at its last target.
    store : a folder of runs: what it has is not computed again.
    workers : threads; None means one a processor.  progress : draw a bar on stderr.
    suite : "smoke", "default", "analytic", "noisy", "networks" or "full": what it says stands for
    what is None here.
    kinds : "analytic", "noisy", "regression", "network": all problems of these kinds, beside
    `problems`.

    Raises ValueError for unknown names and values out of range. A run that fails is a row with
    status "failed", and a warning says why; where every run fails, RuntimeError does, whose
    `results` has the rows.
    """
    given = {
        "problems": problems,
        "optimizers": optimizers,
        "lrs": lrs,
        "seeds": seeds,
        "steps": steps,
    }
    given |= {
        "schedule": schedule,
        "stop": stop,
        "dtype": dtype,
        "lr_count": lr_count,
        "kinds": kinds,
    }
    sweep = of_words(suites.merged(given, {} if suite is None else suites.words_of(suite)))
    outcome = execute(sweep, store=store, workers=workers, progress=progress)
    reasons = failures.lines(outcome.failed)
    if reasons and sum(done.block.lrs.size for done in outcome.failed) == len(outcome.results):
        error = failures.EveryRunFailed("every run failed: " + "; ".join(reasons))
        error.results = outcome.results
        raise error
    for reason in reasons:
        notice(f"failed: {reason}")
    return outcome.results


class Outcome:
    """An executed sweep: its results, how many runs were computed, found in the store, and
    superseded there; failed blocks.
    """

    def __init__(
        self,
        results: Results,
        computed: int,
        found: int,
        superseded: int,
        failed: Sequence[Done] = (),
    ):
        self.results, self.computed, self.found, self.superseded = (
            results,
            computed,
            found,
            superseded,
        )
        self.failed = list(failed)


def execute(
    sweep: Sweep,
    store: str | Path | None = None,
    workers: int | None = None,
    progress: bool = False,
) -> Outcome:
    """Compute what the store doesn't have of a sweep. Blocks are stored as they finish, also when
    interrupted.
    """
    if workers is not None and not (isinstance(workers, int) and workers >= 1):
        raise InputError(f"workers must be a whole number from 1, not {workers!r}")
    blocks = sweep.blocks()
    _say_what_prints(blocks)
    asked = sum(block.lrs.size for block in blocks)
    if store is None:
        parts = list(_computed(blocks, workers, progress, asked))
        return Outcome(Results(parts), asked, 0, 0, [done for done in parts if done.record is None])
    with Store(store) as kept:
        waiting, known, superseded = [], set(), 0
        for block in blocks:
            runs = block.names()
            missing, outdated = kept.split(runs, block.source)
            known.update(
                (run, block.source) for run, new in zip(runs, missing, strict=True) if not new
            )
            superseded += outdated
            if missing.any():
                waiting.append(block.only(missing))
        parts, failed = [kept.rows(known)] if known else [], []
        for done in _computed(waiting, workers, progress, asked - len(known)):
            parts.append(table_of(done, stored=True))
            if (
                done.record is not None
            ):  # a failure is told, not kept: its cause may be gone next time
                kept.add(parts[-1])
            else:
                failed.append(done)
    return Outcome(Results(parts), asked - len(known), len(known), superseded, failed)


def _say_what_prints(blocks: Sequence[Block]) -> None:
    """A notice for each plugin's rule or formula that prints: lines by the hundred thousand."""
    functions = dict.fromkeys(
        function
        for block in blocks
        for function in (*block.optimizer.functions, block.problem.formula)
    )
    for function in functions:
        reason = None if is_builtin(function.__module__) else diagnosis.prints(function)
        if reason:
            notice(reason)


def compute(block: Block) -> Done:
    """Run the block's lanes; an error becomes the block's own. A plugin's text is looked through
    first: what Numba says of a mistake helps nobody, and of some it says nothing.
    """
    plugged = [rule for rule in block.optimizer.rules if not is_builtin(rule.function.__module__)]
    told = next(filter(None, map(diagnosis.in_text, plugged)), None)
    if told:
        return Done(block, None, told)
    try:
        return Done(block, run_block(block, recording_grid(block.steps)))
    except Exception as error:
        return Done(
            block,
            None,
            diagnosis.of_failure(error, [*block.optimizer.functions, block.problem.formula]),
        )


def run_block(
    block: Block, grid: np.ndarray, points: bool = False, update: Callable | None = None
) -> Record:
    """Run the block's lanes, recording at the steps of `grid`; with `points` the points too.

    update : a kernel in place of the optimizer's own, to time the loop without it.
    """
    problem, optimizer, dtype = block.problem, block.optimizer, block.dtype
    starts, layout = problem.starts(block.seeds), tensor_layout(problem.shapes)
    feed = problem.feed(block.seeds, dtype)
    if optimizer.reported is not None:  # the loss that comes with a gradient is of another point
        feed = feed._replace(loss_is_objective=False)
    return run_lanes(
        Kernels(
            problem.kernel(dtype), update or optimizer.kernel(dtype), problem.projection(dtype)
        ),
        starts,
        optimizer.initial_state(starts, layout),
        feed,
        setup_of(optimizer, block.lrs, layout, problem.minimum, block.multipliers),
        Plan(grid, problem.targets_for(dtype), block.stop == "target"),
        dtype,
        points,
    )


def _computed(
    blocks: list[Block], workers: int | None, progress: bool, runs: int
) -> Iterable[Done]:
    workers = min(workers or processors(), max(1, len(blocks)))
    with one_thread(any(map(_multiplies, blocks))), _bar(progress and runs > 0, runs) as advance:
        for done in threads(compute, blocks, workers):
            advance(done)
            yield done


def _multiplies(block: Block) -> bool:
    """Whether the block's kernels may call BLAS: on data, and in rules for matrices."""
    return block.problem.data_set.samples > 0 or any(
        rule.per == "matrix" for rule in block.optimizer.rules
    )


@contextmanager
def _bar(wanted: bool, runs: int):
    if not wanted:
        yield lambda done: None
        return
    from .progress import bar

    with bar(runs) as advance:
        yield advance
