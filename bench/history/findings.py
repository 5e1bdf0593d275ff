"""What a check finds: curves that changed, and other costs, each with what it concerns and how
grave it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .accepted import Accepted
from .cases import Case


@dataclass(frozen=True)
class Finding:
    """A row of the table.

    what : "convergence", "time", "lost", "state", "memory" or "import", as in accepted.toml.
    change : what it was and is.
    verdict : a key of RANKS.  weight : how large the change is, among those of one verdict.
    fails : whether it counts; reason : why it doesn't, where it was accepted.
    """

    what: str
    case: Case
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
        if entry.covers(finding.what, finding.case):
            return replace(finding, fails=False, reason=entry.reason)
    return finding


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Gravest first: what fails before what was accepted, lost, worse, changed, better; within each
    the largest.
    """
    return sorted(
        findings,
        key=lambda f: (not f.fails, RANKS[f.verdict], f.verdict != "slower", -f.weight, f.case),
    )
