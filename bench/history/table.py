"""A check's report on the screen: a row a finding, gravest first, those that were meant greyed."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..terminal.console import open_console
from .findings import ordered
from .report import Report

SHOWN = 40
"""Rows of the table without --all."""
WIDE = 10_000
"""Columns of what is no terminal: names stay whole, and a program can look for them."""


def show(report: Report, all_rows: bool) -> None:
    """Print the table, a line a rule, what was compared and the verdict."""
    console = open_console()
    findings = ordered(report.findings)
    shown = findings if all_rows else findings[:SHOWN]
    if findings:
        variants = any(finding.case.variant for finding in shown)
        table = Table(
            title=report.title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
        )
        for heading in (
            "problem",
            "optimizer",
            "lr",
            *(("run",) if variants else ()),
            "verdict",
            "change",
        ):
            table.add_column(heading, overflow="fold")
        for finding in shown:
            verdict = (
                f"{finding.verdict}, accepted: {finding.reason}"
                if finding.reason
                else finding.verdict
            )
            names = [*finding.case[:3], *((finding.case.variant,) if variants else ())]
            # as texts: a name's brackets are no markup
            table.add_row(
                *map(Text, names),
                Text(verdict, style="red" if finding.fails else "dim"),
                Text(finding.change),
            )
        print_table(console, table)
    lines = (
        [f"... and {len(findings) - len(shown)} more (--all shows them)"]
        if len(shown) < len(findings)
        else []
    )
    for line in (*lines, *report.by_rule, *report.lines, f"{report.title}: {report.verdict}"):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_table(console: Console, table: Table) -> None:
    """Print it as wide as the terminal; without one as wide as it is, and no line ends in
    blanks.
    """
    if console.is_terminal:
        console.print(table)
        return
    wide = open_console(width=WIDE)
    with wide.capture() as capture:
        wide.print(table)
    for line in capture.get().splitlines():
        console.out(line.rstrip(), highlight=False)
