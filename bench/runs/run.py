"""Blocks -> results. Where they are computed is an executor's matter."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from ...kernels.blas import one_thread
from ...kernels.block import run_lanes
from ...kernels.groups import Kernels, Plan, Record, setup_of
from ...kernels.known_modules import is_builtin
from ...kernels.optimizer import Optimizer
from ...kernels.padding import tensor_layout
from ...problems.problem import Problem
from ..plugins import diagnosis
from ..plugins.printing import warn_of_printing
from ..sweep import suites
from ..sweep.block import Block
from ..sweep.request import Request
from ..sweep.sweep import Sweep, plan, recording_grid
from ..terminal.notices import notice
from . import failures
from .executors import Executor, answers, opened
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
    executor: Executor | None = None,
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
    executor : computes the runs in place of the threads: an object with `submit` as
    concurrent.futures.Executor has it, such as a ProcessPoolExecutor (spawned) or a Client of
    dask.distributed. It is left open.

    Raises ValueError for unknown names and values out of range. A run that fails is a row with
    status "failed", and a warning says why; where every run fails, RuntimeError does, whose
    `results` has the rows.
    """
    request = Request(
        problems=_listed(problems),
        kinds=kinds,
        optimizers=_listed(optimizers),
        lrs=_rates(lrs),
        lr_count=lr_count,
        seeds=seeds,
        steps=steps,
        schedule=schedule,
        stop=stop,
        dtype=dtype,
    )
    if suite is not None:
        request = request.over(suites.find(suite))
    outcome = execute(
        plan(request), store=store, workers=workers, progress=progress, executor=executor
    )
    reasons = failures.lines(outcome.failed)
    if reasons and sum(done.block.lrs.size for done in outcome.failed) == len(outcome.results):
        error = failures.EveryRunFailed("every run failed: " + "; ".join(reasons))
        error.results = outcome.results
        raise error
    for reason in reasons:
        notice(f"failed: {reason}")
    return outcome.results


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An executed sweep: its results; how many runs were computed, found in the store, and
    superseded there; and the blocks that failed.
    """

    results: Results
    computed: int
    found: int = 0
    superseded: int = 0
    failed: Sequence[Done] = ()


def execute(
    sweep: Sweep,
    store: str | Path | None = None,
    workers: int | None = None,
    progress: bool = False,
    executor: Executor | None = None,
) -> Outcome:
    """Compute what the store doesn't have of a sweep. Blocks are stored as they finish, also when
    interrupted.
    """
    asked = sweep.blocks()
    with opened(executor, workers, len(asked)) as chosen:
        warn_of_printing(
            function
            for block in asked
            for function in (*block.optimizer.functions, block.problem.formula)
        )
        if store is None:
            finished = list(_computed(asked, chosen, progress))
            return Outcome(
                results=Results(finished),
                computed=_runs(asked),
                failed=[done for done in finished if done.record is None],
            )
        with Store(store) as kept:
            return _execute_kept(asked, kept, chosen, progress)


def _execute_kept(
    asked: Sequence[Block], kept: Store, executor: Executor, progress: bool
) -> Outcome:
    waiting: list[Block] = []
    known: set[tuple[str, str]] = set()
    superseded = 0
    for block in asked:
        names = block.names()
        missing, outdated = kept.split(names, block.source)
        known.update(
            (name, block.source) for name, new in zip(names, missing, strict=True) if not new
        )
        superseded += outdated
        if missing.any():
            waiting.append(block.only(missing))
    parts: list[Any] = [kept.rows(known)] if known else []
    failed: list[Done] = []
    with closing(_computed(waiting, executor, progress)) as finished:
        for done in finished:
            parts.append(table_of(done, stored=True))
            if done.record is None:  # not kept: its cause may be gone next time
                failed.append(done)
            else:
                kept.add(parts[-1])
    return Outcome(
        results=Results(parts),
        computed=_runs(waiting),
        found=len(known),
        superseded=superseded,
        failed=failed,
    )


def _runs(asked: Iterable[Block]) -> int:
    return sum(block.lrs.size for block in asked)


def _computed(waiting: Sequence[Block], executor: Executor, progress: bool) -> Generator[Done]:
    """The blocks as they finish, in any order."""
    with _bar(progress and bool(waiting), _runs(waiting)) as advance:
        for block, answer in answers(executor, _answer, waiting):
            if isinstance(answer, Exception):
                reason = f"{type(answer).__name__}: {' '.join(str(answer).split())}"
                done = Done(block, None, reason)
            else:
                done = Done(block, *answer)
            advance(done)
            yield done


def _answer(block: Block) -> tuple[Record | None, str]:
    """What a block's lanes did, or why it failed: what comes back from another process, which has
    no use for its copy of the block.

    A worker that has lived through an edit of the rule has the old code still; its numbers would be
    taken for those of the new.
    """
    if not block.is_as_asked:
        names = f"{block.optimizer.name} or {block.problem.name}"
        return None, f"this worker has other code of {names}; start the executor anew"
    done = compute(block)
    return done.record, done.error


def compute(block: Block) -> Done:
    """Run the block's lanes on one thread of BLAS; an error becomes the block's own.

    A plugin's text is looked through first: what Numba says of a mistake helps nobody, and of some
    it says nothing.
    """
    plugged = [rule for rule in block.optimizer.rules if not is_builtin(rule.function.__module__)]
    reason = next(filter(None, map(diagnosis.in_text, plugged)), None)
    if reason:
        return Done(block, None, reason)
    try:
        with one_thread(_multiplies(block)):
            return Done(block, run_block(block, recording_grid(block.steps)))
    except Exception as error:
        functions = [*block.optimizer.functions, block.problem.formula]
        return Done(block, None, diagnosis.of_failure(error, functions))


def run_block(
    block: Block, grid: np.ndarray, points: bool = False, update: Callable[..., Any] | None = None
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


def _multiplies(block: Block) -> bool:
    """Whether the block's kernels may call BLAS: on data, and in rules for matrices."""
    return block.problem.data_set.samples > 0 or any(
        rule.per == "matrix" for rule in block.optimizer.rules
    )


def _listed(given: Any) -> list[Any] | None:
    """One problem or optimizer is a list of one."""
    if given is None:
        return None
    is_one = isinstance(given, str) or not isinstance(given, Iterable)
    return [given] if is_one else list(cast(Iterable[Any], given))


def _rates(given: Sequence[float] | np.ndarray | float | None) -> Sequence[float] | None:
    """One learning rate is a list of one, and an array is one too."""
    if isinstance(given, np.ndarray):
        return np.atleast_1d(given).tolist()
    return [given] if isinstance(given, int | float) else given


@contextmanager
def _bar(wanted: bool, runs: int) -> Generator[Callable[[Done], None]]:
    if not wanted:
        yield lambda done: None
        return
    from .progress import bar

    with bar(runs) as advance:
        yield advance
