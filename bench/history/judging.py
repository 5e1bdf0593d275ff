"""All that is compared of two installed commits: cases, state, imports, memory and times."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from . import convergence, costs, times, untracked
from .cases import Case
from .findings import Finding
from .measuring import Package, streamed
from .processes import Deadline, TimeUpError
from .report import Report
from .stages import Stages
from .tracked import Grid, Pair, Tracked
from .untracked import Names

MEMORY_PAIRS = 16
"""Pairs of problem and optimizer whose runs' memory is compared."""


@dataclass(frozen=True)
class Request:
    """What is judged. problems, optimizers : names; None means all.  timed : times too.

    limited : the check has a deadline, which then is the times' only limit.
    """

    both: Sequence[Package]
    problems: Sequence[str] | None
    optimizers: Sequence[str] | None
    timed: bool
    limited: bool


def untracked_names(
    problems: Sequence[str] | None, optimizers: Sequence[str] | None, tracked: Tracked
) -> bool:
    """Whether a name that is asked for isn't the suite's: only the package can say whether there is
    one.
    """
    return bool(
        {*(problems or ())} - {*tracked.problems} or {*(optimizers or ())} - {*tracked.optimizers}
    )


def names_of(
    both: Sequence[Package],
    tracked: Tracked,
    problems: Sequence[str] | None,
    optimizers: Sequence[str] | None,
    deadline: Deadline,
) -> tuple[tuple[Names, Names], list[str]]:
    """What each commit brings, and notes on names that the suites have. Raises InputError for one
    that neither commit has.
    """
    asked = {"problems": list(problems or ()), "optimizers": list(optimizers or ())}
    listed = [
        list(dict.fromkeys([*names, *getattr(tracked, kind)])) for kind, names in asked.items()
    ]
    answers = streamed("names", [[str(side.folder), *listed] for side in both], both, deadline)
    base, head = (Names.of_answer(lines[-1]) for lines in answers)
    untracked.examine(asked, base, head, tracked)
    unknown = [
        n
        for kind in asked
        for n in getattr(tracked, kind)
        if not (base.knows(kind, n) or head.knows(kind, n))
    ]
    notes = [f"tracked, and in neither commit: {', '.join(unknown)}"] if unknown else []
    notes += (
        [f"HEAD's suite no longer tracks {', '.join(tracked.dropped)}"] if tracked.dropped else []
    )
    return (base, head), notes


def judged(
    request: Request,
    tracked: Tracked,
    names: tuple[Names, Names],
    deadline: Deadline,
    stage: Stages,
) -> Report:
    """What differs. Raises RuntimeError for a commit that can't be measured, TimeUpError where time
    ends before the times.
    """
    chosen = tracked.narrowed(request.problems, request.optimizers)
    own = [grid for grid in chosen.grids if grid.size]
    others = untracked.grids(*names, chosen, request.problems, request.optimizers)
    stage("import time and memory")
    dearer = costs.compared(_spread(chosen.main), request.both, deadline)
    labels = [f"curves: {_label(grid)}" for grid in own] + [
        f"curves, not tracked: {_label(grid)}" for grid in others
    ]
    try:
        found = convergence.compared(
            [*own, *others], labels, request.both, deadline, stage, len(others)
        )
    except RuntimeError as error:
        # what is known already says why: who keeps too much memory is killed
        if not dearer or isinstance(error, TimeUpError):
            raise
        return Report(
            tuple(dearer), lines=(str(error),), unjudged=("curves and times",), failure=str(error)
        )
    findings, lines, unjudged = [*dearer, *found.findings], found.lines, ["times"]
    if request.timed and chosen.pairs:
        slow = times.compared(
            chosen.pairs,
            request.both,
            stage,
            deadline if request.limited else Deadline(times.BUDGET),
        )
        findings, lines = [*findings, *_of_times(slow)], [*lines, slow.line]
        unjudged = (
            [f"{slow.unjudged} of {len(chosen.pairs)} step times, for lack of time,"]
            if slow.unjudged
            else []
        )
        unjudged += [f"{slow.untimed} step times that neither commit has"] if slow.untimed else []
    return Report(tuple(findings), found.counts, tuple(lines), tuple(unjudged))


def _spread(grid: Grid) -> list[Pair]:
    """MEMORY_PAIRS of the grid's pairs of problem and optimizer, along the diagonal: as many of
    each as there can be.
    """
    problems, optimizers = grid.problems, grid.optimizers
    rows, columns = len(problems), len(optimizers)
    count, turn = min(MEMORY_PAIRS, rows * columns), math.lcm(rows, columns)
    # after a turn the diagonal would meet itself
    return [(problems[n % rows], optimizers[(n + n // turn) % columns]) for n in range(count)]


def _label(grid: Grid) -> str:
    if len(grid.problems) * len(grid.optimizers) == 1 and grid.schedule != "constant":
        return "schedules"
    usual = {"constant", "float64"}
    parts = [
        f"{len(grid.problems)} problems, {len(grid.optimizers)} optimizers",
        grid.schedule,
        grid.dtype,
    ]
    return ", ".join(part for part in parts if part not in usual)


def _of_times(found: times.Times) -> list[Finding]:
    """The pairs that became slower or can't be timed any more."""
    lost = [
        Finding(
            "lost", Case(*pair), why, "gone" if why == convergence.LACKING else "fails", math.inf
        )
        for pair, why in found.lost.items()
    ]
    slower = []
    for pair, (ratio, before, after) in found.slower.items():
        shown = (
            f"× {ratio.ratio:.2f} ({ratio.low:.2f} to {ratio.high:.2f}), {before:.3g} →"
            f" {after:.3g} ns"
        )
        slower.append(Finding("time", Case(*pair), shown, "slower", ratio.ratio))
    return lost + slower
