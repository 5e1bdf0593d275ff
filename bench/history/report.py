"""A finished check: what was found, what was compared and what wasn't, in a few lines."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from .accepted import FILE
from .cases import ANY
from .findings import BETTER, LOST, RANKS, WORSE, Finding, ordered

LOST_TEXTS = {"gone": "gone", "fails": "fail", "fails in both": "fail in both"}


@dataclass(frozen=True)
class Report:
    """findings : in any order.  base, head : the commits' labels.  hashes : theirs, "." for the
    working tree.

    counts : {optimizer: cases that were compared}.  lines : what was compared and what is to be
    known of it.
    unjudged : what the verdict doesn't cover, each as it ends "... weren't judged".
    same : why nothing was to be compared; empty where something was.
    failure : why the curves couldn't be measured; empty where they were.
    """

    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()
    same: str = ""
    failure: str = ""
    base: str = "BASE"
    head: str = "HEAD"
    hashes: tuple[str, str] = ("", "")

    @property
    def title(self) -> str:
        """Which commits are compared."""
        return f"{self.base} → {self.head}"

    @property
    def failing(self) -> list[Finding]:
        """What counts against HEAD, gravest first."""
        return [finding for finding in ordered(self.findings) if finding.fails]

    @property
    def passed(self) -> bool:
        """Whether nothing counts against HEAD."""
        return not self.failing

    @property
    def verdict(self) -> str:
        """The last line: what was found, and what wasn't looked at."""
        if self.same:
            return self.same
        if self.failing:
            text = f"changes: {len(self.failing)}. What was meant goes to {FILE}, with a reason"
        else:
            slower = "is slower or " if not any("times" in part for part in self.unjudged) else ""
            text = f"no curve {slower}converges differently"
            text += ", save what was accepted" if self.findings else ""
        return text + "".join(f"; {part} weren't judged" for part in self.unjudged)

    @property
    def by_rule(self) -> list[str]:
        """A line a rule that changed, the gravest first: "momentum: 54 of 54 moved, 40 worse"."""
        rules: dict[str, list[Finding]] = {}
        for finding in self.failing:
            rules.setdefault(finding.case.optimizer, []).append(finding)
        # a sort keeps the order of the gravest finding where as many are worse
        names = sorted(
            rules, key=lambda name: -sum(RANKS[f.verdict] in (LOST, WORSE) for f in rules[name])
        )
        return [
            f"{'everything' if name == ANY else name}: {self._of_rule(name, rules[name])}"
            for name in names
        ]

    def _of_rule(self, name: str, findings: list[Finding]) -> str:
        curves = [finding for finding in findings if finding.what == "convergence"]
        parts = []
        if curves:
            parts.append(f"{len(curves)} of {self.counts.get(name, len(curves))} moved")
            ranks = Counter(RANKS[finding.verdict] for finding in curves)
            parts += [
                f"{ranks[rank]} {text}"
                for rank, text in ((WORSE, "worse"), (BETTER, "better"))
                if ranks[rank]
            ]
        lost = Counter(finding.verdict for finding in findings if finding.what == "lost")
        whole = any(finding.case.problem == ANY for finding in findings)
        parts += [
            "gone" if whole and verdict == "gone" else f"{n} {LOST_TEXTS[verdict]}"
            for verdict, n in lost.items()
        ]
        slower = sum(finding.what == "time" for finding in findings)
        parts += [f"{slower} slower"] if slower else []
        states = [finding for finding in findings if finding.what == "state"]
        parts += [f"{states[0].verdict} on {len(states)} problems"] if states else []
        return ", ".join(
            [
                *parts,
                *(f.change.partition(": ")[0] for f in findings if f.what in ("memory", "import")),
            ]
        )
