"""What a check finds: curves that changed, and other costs, each with what it concerns and how
grave it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .accepted import Accepted

ANY = "*"
"""In place of a name: the finding concerns all of them."""


class Cell(NamedTuple):
    """What is compared: a problem and an optimizer at a learning rate (a text), under a schedule,
    in a dtype.
    """

    problem: str
    optimizer: str
    lr: str = ANY
    schedule: str = "constant"
    dtype: str = "float64"

    @property
    def variant(self) -> str:
        """Schedule and dtype, as far as they aren't the usual ones."""
        usual = {"constant", "float64"}
        return ", ".join(word for word in (self.schedule, self.dtype) if word not in usual)


@dataclass(frozen=True)
class Finding:
    """A row of the table.

    what : "convergence", "time", "lost", "state", "memory" or "import", as in accepted.toml.
    change : what it was and is.
    verdict : a key of RANKS.  weight : how large the change is, among those of one verdict.
    fails : whether it counts; reason : why it doesn't, where it was accepted.
    """

    what: str
    cell: Cell
    change: str
    verdict: str
    weight: float
    fails: bool = True
    reason: str = ""


RANKS = {
    "gone": 0,
    "fails": 0,
    "fails in both": 0,
    "state unknown": 0,
    "converges worse": 1,
    "slower": 1,
    "more state": 1,
    "costs more": 1,
    "moved": 2,
    "less state": 3,
    "converges better": 3,
}
"""Verdicts and how grave they are: 0 lost, 1 worse, 2 changed, 3 better."""
LOST, WORSE, CHANGED, BETTER = range(4)


def excused(finding: Finding, meant: Sequence[Accepted]) -> Finding:
    """The finding, passing where an entry covers it."""
    for entry in meant:
        if entry.covers(finding.what, *finding.cell):
            return replace(finding, fails=False, reason=entry.reason)
    return finding


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Gravest first: what fails before what was accepted, lost, worse, changed, better; within each
    the largest.
    """
    return sorted(
        findings,
        key=lambda f: (not f.fails, RANKS[f.verdict], f.verdict != "slower", -f.weight, f.cell),
    )
