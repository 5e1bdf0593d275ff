"""How the cases of two commits compare: by their first 100 updates, and where those are equal to
the last bit, by whole runs.

A fingerprint is the losses after 20 and after 100 updates. It distinguishes a change of arithmetic
from another order of rounding. Late numbers can't: they amplify rounding. But where the first
losses are equal to the last bit, late ones are equal too, or differ by what the least rounding
makes of them, or the code has changed.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from . import verdict
from .cases import ANY, Case
from .findings import Finding
from .measuring import Package, streamed
from .processes import Deadline
from .suite_values import CAP, NUDGE
from .suite_values import FLOOR as LEAST
from .tracked import Grid

FLOOR = 1e-10
"""Best gaps below it are equal: there, a sum in another order decides (f* is up to about 1)."""
LACKING = "not in HEAD"
NAMED = 3
"""Cases that a line names."""


@dataclass(frozen=True)
class Compared:
    """What was found.

    counts : {optimizer: number of cases that both commits have}.  lines : what was compared.
    """

    findings: list[Finding]
    counts: Mapping[str, int]
    lines: list[str]


def compared(
    grids: Sequence[Grid],
    labels: Sequence[str],
    both: Sequence[Package],
    deadline: Deadline,
    stage: Callable[[str], Any],
    untracked: int = 0,
) -> Compared:
    """Compare the cases of all grids.

    labels : what progress calls each grid.  stage : called with the one that is measured.
    untracked : how many of the grids, the last ones, no suite tracks: what fails there in both
    commits is said in a line.

    Raises RuntimeError where a commit can't be measured, TimeUpError at the deadline.
    """
    requests = [asdict(grid) for grid in grids]
    stage(labels[0])
    answers = streamed(
        "judged", [requests, requests], both, deadline, lambda done: stage([*labels, ""][done])
    )
    base, head = (_by_case(rows) for rows in answers)
    tracked = _by_case(answers[1][: len(grids) - untracked]).keys()
    lost, still = _gone(base, head), []
    found, states, rounded, suspects = [], {}, 0, []
    for key, after in head.items():
        before = base.get(key)
        if isinstance(after, str) and isinstance(before, str) and key not in tracked:
            still.append(key)
        elif isinstance(after, str):
            lost.append(
                Finding(
                    "lost",
                    key,
                    after,
                    "fails in both" if isinstance(before, str) else "fails",
                    math.inf,
                )
            )
        elif isinstance(before, dict):
            states[key.problem, key.optimizer, key.dtype] = before["state"], after["state"]
            if (size := verdict.moved(before, after, key.dtype)) > 0:
                found.append(
                    _finding(key, size, f"losses by {size:.1g} of themselves", before, after)
                )
            elif not verdict.same_bits(before, after):
                rounded += 1
            elif (
                verdict.moved_late(before["runs"], after["runs"], [], key.dtype, before["miss"]) > 0
            ):
                suspects.append(key)
    late_found = _late(suspects, base, head, both, deadline, stage)
    lines = [
        _summary(
            len(base.keys() & head.keys()),
            len(found),
            len(late_found),
            len(head.keys() - base.keys()),
        )
    ]
    if rounded:
        lines.append(
            f"{rounded} of them are rounded differently: of those only the first 100 updates are"
            " judged"
        )
    if still:
        names = ", ".join(
            dict.fromkeys(f"{key.optimizer} on {key.problem}" for key in still[:NAMED])
        )
        lines.append(
            f"{len(still)} cases that no suite tracks fail in both commits ({names}):"
            f" {head[still[0]]}"
        )
    counts = Counter(key.optimizer for key in base.keys() & head.keys())
    return Compared(lost + found + late_found + _states(states), counts, lines)


def _late(
    suspects: Sequence[Case],
    base: Mapping[Case, Any],
    head: Mapping[Case, Any],
    both: Sequence[Package],
    deadline: Deadline,
    stage: Callable[[str], Any],
) -> list[Finding]:
    """Those of the cases that changed after their first 100 updates by more than a nudge of the
    learning rate does.
    """
    if not suspects:
        return []
    stage(f"what a nudge of the learning rate does to {len(suspects)} curves")
    grids = []
    for kind in dict.fromkeys((key.schedule, key.dtype) for key in suspects):
        own = [key for key in suspects if (key.schedule, key.dtype) == kind]
        # rules of one problem together, and nothing that isn't suspicious
        for problem in dict.fromkeys(key.problem for key in own):
            for lr in dict.fromkeys(key.lr for key in own if key.problem == problem):
                rules = tuple(
                    key.optimizer for key in own if (key.problem, key.lr) == (problem, lr)
                )
                grids.append(Grid((problem,), rules, (lr,), *kind))
    requests = [
        {**asdict(grid), "nudge": sign * NUDGE[grid.dtype]} for sign in (-1, 1) for grid in grids
    ]
    (answers,) = streamed("judged", [requests], both[:1], deadline)
    lower, upper = (_by_case(answers[first : first + len(grids)]) for first in (0, len(grids)))
    findings = []
    for key in suspects:
        before, after = base[key], head[key]
        nudged = [side[key]["runs"] for side in (lower, upper) if isinstance(side.get(key), dict)]
        if (
            size := verdict.moved_late(
                before["runs"], after["runs"], nudged, key.dtype, before["miss"]
            )
        ) > 0:
            findings.append(_finding(key, size, "first 100 updates equal", before, after))
    return findings


def _gone(base: Mapping[Case, Any], head: Mapping[Case, Any]) -> list[Finding]:
    """What HEAD hasn't any more: an optimizer or a problem that is gone everywhere is one
    finding.
    """
    whole = {
        axis: {getattr(key, axis) for key in base} - {getattr(key, axis) for key in head}
        for axis in ("optimizer", "problem")
    }
    found = {}
    for key in sorted(base.keys() - head.keys()):
        if key.optimizer in whole["optimizer"]:
            key = Case(ANY, key.optimizer)
        elif key.problem in whole["problem"]:
            key = Case(key.problem, ANY)
        found[key] = Finding("lost", key, LACKING, "gone", math.inf)
    return list(found.values())


def _by_case(answers: Sequence[Sequence[Sequence[Any]]]) -> dict[Case, Any]:
    return {Case(*key): entry for rows in answers for *key, entry in rows}


def _summary(count: int, early: int, late_ones: int, new: int) -> str:
    text = f"{count} cases compared, {early} moved by more than rounding within 100 updates"
    return (
        text
        + (f", {late_ones} only later" if late_ones else "")
        + (f"; {new} are new" if new else "")
    )


def _finding(
    key: Case, size: float, text: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Finding:
    """A case that has changed by `size`. text : what of it."""
    verdicts = {"worse": "converges worse", "better": "converges better", "same": "moved"}
    steps, gaps = (
        f"{_late_text(before, name)} → {_late_text(after, name)}"
        for name in ("steps_to_target", "best_gap")
    )
    shown = f"{text}; steps {steps}, gap {gaps}"
    return Finding(
        "convergence", key, shown, verdicts[verdict.direction(before, after, FLOOR)], size
    )


def _late_text(entry: Mapping[str, Any], name: str) -> str:
    """A late number as a text: what it stands for where it is a bound."""
    value = entry[name]
    if name == "steps_to_target":
        return "miss" if value >= entry["miss"] else f"{value:.4g}"
    if value >= CAP:
        return "diverged"
    return f"below {LEAST:g}" if value <= LEAST else f"{value:.4g}"


def _states(states: Mapping[tuple[str, str, str], tuple[int | None, int | None]]) -> list[Finding]:
    """Where the bytes of a run's state differ, or can't be known any more."""
    findings = []
    for (problem, optimizer, dtype), (before, after) in states.items():
        if not before or before == after:
            continue  # BASE's can't be known
        shown = f"{before} → {after or '?'} bytes of x and slots"
        change, size = (
            ("more state" if after > before else "less state", after / before)
            if after
            else ("state unknown", math.inf)
        )
        findings.append(
            Finding("state", Case(problem, optimizer, ANY, dtype=dtype), shown, change, size)
        )
    return findings
