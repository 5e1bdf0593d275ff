"""How curves of two commits compare: their first 100 updates, and where those are equal to the last bit, all of them.

A fingerprint, the losses after 20 and after 100 updates, tells a change of arithmetic from another order of rounding, which
late numbers can't: they amplify rounding. But where nothing was rounded differently, late numbers are equal too, or the
code has changed.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..suite import convergence as late
from . import verdict
from .cells import Grid
from .findings import ANY, Cell, Finding
from .measuring import Package, streamed
from .processes import Deadline

FLOOR = 1e-10
"""Best gaps below it are equal: there, a sum in another order decides (f* is up to about 1)."""
LACKING = "not in HEAD"


@dataclass(frozen=True)
class Compared:
    """What was found; per optimizer the number of cells that both commits have; lines that say what was compared."""

    findings: list[Finding]
    counts: Mapping[str, int]
    lines: list[str]


def compared(
    grids: Sequence[Grid], labels: Sequence[str], both: Sequence[Package], deadline: Deadline, stage: Callable[[str], Any]
) -> Compared:
    """Compare the cells of all grids. labels : what progress calls each.  stage : called with the one that is measured.

    Raises RuntimeError where a commit can't be measured, TimeUpError at the deadline.
    """
    words = [asdict(grid) for grid in grids]
    stage(labels[0])
    answers = streamed("judged", [words, words], both, deadline, lambda done: stage([*labels, ""][done]))
    base, head = (_by_cell(rows) for rows in answers)
    lost = _gone(base, head)
    found, states, rounded = [], {}, 0
    for key, after in head.items():
        before = base.get(key)
        if isinstance(after, str):
            lost.append(Finding("lost", key, after, "fails in both" if isinstance(before, str) else "fails", math.inf))
        elif isinstance(before, dict):
            changed = _changed(key, before, after)
            found += [changed] if changed else []
            rounded += not changed and not verdict.same_bits(before, after)
            states[key.problem, key.optimizer, key.dtype] = before["state"], after["state"]
    lines = [_summary(len(base.keys() & head.keys()), found, len(head.keys() - base.keys()))]
    if rounded:
        lines.append(f"{rounded} of them are rounded differently: of those only the first 100 updates are judged")
    findings = lost + found + _states(states)
    return Compared(findings, Counter(key.optimizer for key in base.keys() & head.keys()), lines)


def _gone(base: Mapping[Cell, Any], head: Mapping[Cell, Any]) -> list[Finding]:
    """What HEAD hasn't any more: an optimizer or a problem that is gone everywhere is one finding."""
    whole = {
        axis: {getattr(key, axis) for key in base} - {getattr(key, axis) for key in head} for axis in ("optimizer", "problem")
    }
    cells = {}
    for key in sorted(base.keys() - head.keys()):
        if key.optimizer in whole["optimizer"]:
            key = Cell(ANY, key.optimizer)
        elif key.problem in whole["problem"]:
            key = Cell(key.problem, ANY)
        cells[key] = Finding("lost", key, LACKING, "gone", math.inf)
    return list(cells.values())


def _by_cell(answers: Sequence[Sequence[Sequence[Any]]]) -> dict[Cell, Any]:
    return {Cell(*key): entry for rows in answers for *key, entry in rows}


def _summary(count: int, found: Sequence[Finding], new: int) -> str:
    early = sum(not finding.change.startswith(EQUAL) for finding in found)
    text = f"{count} cells compared, {early} moved by more than rounding within 100 updates"
    after = len(found) - early
    return text + (f", {after} only later" if after else "") + (f"; {new} are new" if new else "")


EQUAL = "first 100 updates equal"
"""How a change that shows only later is described."""


def _changed(key: Cell, before: Mapping[str, Any], after: Mapping[str, Any]) -> Finding | None:
    """The finding where the cell has changed beyond rounding."""
    size = verdict.moved(before, after, key.dtype)
    if size > 0:
        text = f"losses by {size:.1g} of themselves"
    elif verdict.same_bits(before, after) and not verdict.same_runs(before, after):
        text = EQUAL
    else:
        return None
    words = {"worse": "converges worse", "better": "converges better", "same": "moved"}
    steps, gaps = (f"{_words(before, name)} → {_words(after, name)}" for name in ("steps_to_target", "best_gap"))
    shown = f"{text}; steps {steps}, gap {gaps}"
    return Finding("convergence", key, shown, words[verdict.direction(before, after, FLOOR)], size)


def _words(entry: Mapping[str, Any], name: str) -> str:
    """A late number, in words where it stands for an end."""
    value = entry[name]
    if name == "steps_to_target":
        return "miss" if value >= entry["miss"] else f"{value:.4g}"
    if value >= late.CAP:
        return "diverged"
    return f"below {late.FLOOR:g}" if value <= late.FLOOR else f"{value:.4g}"


def _states(states: Mapping[tuple[str, str, str], tuple[int | None, int | None]]) -> list[Finding]:
    """Where the bytes of a run's state differ."""
    return [
        Finding(
            "state", Cell(problem, optimizer, ANY, dtype=dtype), f"{before} → {after} bytes of x and slots",
            "more state" if after > before else "less state", after / before,
        )
        for (problem, optimizer, dtype), (before, after) in states.items()
        if before and after and before != after
    ]  # fmt: skip
