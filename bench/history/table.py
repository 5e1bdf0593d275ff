"""The table of a comparison: a row a curve that changed, gravest first, those that were meant greyed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .accepted import FILE, Accepted

SHOWN = 40
"""Rows of the table without --all."""


@dataclass(frozen=True)
class Finding:
    """A row of the table: a curve that changed.

    cell : problem, optimizer and lr, "*" for times.  fails : whether it counts; reason : why it doesn't, where it was accepted.
    """

    what: str
    cell: tuple[str, str, str]
    change: str
    verdict: str
    weight: float
    fails: bool = True
    reason: str = ""


def excused(finding: Finding, meant: Sequence[Accepted]) -> Finding:
    """The finding, passing where an entry covers it."""
    for entry in meant:
        if entry.covers(finding.what, *finding.cell):
            return replace(finding, fails=False, reason=entry.reason)
    return finding


def show(findings: Sequence[Finding], title: str, told: Sequence[str], all_rows: bool) -> None:
    """Print the table, gravest first, and what was compared."""
    console = Console()
    findings = sorted(findings, key=lambda f: (not f.fails, f.verdict != "slower", -f.weight, f.cell))
    shown = findings if all_rows else findings[:SHOWN]
    if findings:
        table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for heading in ("problem", "optimizer", "lr", "", "change"):
            table.add_column(heading, overflow="fold")
        for finding in shown:
            words = f"{finding.verdict}, accepted: {finding.reason}" if finding.reason else finding.verdict
            style = "red" if finding.fails else "dim"
            # as texts: a name's brackets are no markup
            table.add_row(*map(Text, finding.cell), Text(words, style=style), Text(finding.change))
        console.print(table)
    if len(shown) < len(findings):
        console.print(f"... and {len(findings) - len(shown)} more (--all shows them)")
    for line in told:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    failing = sum(finding.fails for finding in findings)
    if failing:
        words = f"curves that changed: {failing}. What was meant goes to {FILE}, with a reason"
    else:
        words = "no curve is slower or converges differently" + (", save what was accepted" if findings else "")
    console.print(f"{title}: {words}", markup=False, soft_wrap=True)
