"""The table of an audit, and its place in docs/problems.md."""

import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...kernels.grammar import InputError
from . import condition as curvature
from .audited import Audited

BEGIN, END = "<!-- audit -->", "<!-- end of audit -->"
"""What docs/problems.md has around the table."""
MARKS = re.compile(f"{BEGIN}\n.*?{END}", re.DOTALL)
COLUMNS = (
    "problem",
    "kind",
    "dim",
    "f(start)",
    "f*",
    "condition",
    "budget",
    "tags",
    "gradient",
    "solved by",
    "separates",
)
WIDE = 10_000
"""Columns of the console that the table is made on: no cell is folded."""


def row(one: Audited) -> dict[str, str]:
    """The problem's row in the table."""
    problem, details = one.problem, {v.requirement: v for v in one.report.verdicts}
    gradient, solved = details["has its gradient"], details["can be solved"]
    start = f"{problem.value_and_grad(problem.start(0))[0]:.6g}" if one.sound else "–"
    return {
        "problem": problem.name,
        "kind": problem.kind,
        "dim": str(problem.dim),
        "f(start)": start,
        "f*": "unknown" if problem.minimum is None else f"{problem.minimum:.10g}",
        "condition": curvature.text(one.condition),
        "budget": str(problem.budget),
        "tags": ", ".join(problem.tags) or "–",
        "gradient": gradient.verdict
        if gradient.verdict != "pass"
        else "complex step"
        if "complex" in gradient.detail
        else "differences",
        "solved by": f"{one.solution.optimizer}, {one.solution.evaluations}"
        if one.solution
        else solved.detail,
        "separates": one.separates,
    }


def table(found: Sequence[Audited], ladders: Sequence[tuple[str, list[str]]]) -> str:
    """The table in Markdown; below it the problems that are open, those that separate nothing, and
    the ladders.
    """
    rows = [row(one) for one in sorted(found, key=lambda one: one.problem.name)]
    idle = [cells["problem"] for cells in rows if "separates nothing" in cells["separates"]]
    unsolved = [one.problem.name for one in found if "open" in one.problem.tags]
    parts = [
        markdown(rows),
        f"Open: {', '.join(unsolved) or 'none'}.",
        f"Separates nothing: {', '.join(idle) or 'none'}.",
    ]
    if ladders:
        parts.append("\n".join(f"- {name}: {' < '.join(rungs)}" for name, rungs in ladders))
    return "\n\n".join(parts) + "\n"


def markdown(rows: Sequence[dict[str, str]]) -> str:
    """The rows as a table in Markdown."""
    drawn = Table(*COLUMNS, box=box.MARKDOWN)
    for cells in rows:
        drawn.add_row(*(Text(cells[column]) for column in COLUMNS))
    console = Console(file=StringIO(), width=WIDE, color_system=None)
    with console.capture() as capture:
        console.print(drawn)
    # the box has an empty line above and below
    return "\n".join(line for line in capture.get().splitlines() if line.strip())


def write(file: Path, text: str) -> None:
    """Put the text between the marks of a Markdown file."""
    before = read(file)
    try:
        file.write_text(MARKS.sub(lambda _: f"{BEGIN}\n{text}{END}", before), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{str(file)!r} can't be written: {error.strerror}") from error


def read(file: Path) -> str:
    """The text of a Markdown file that has both marks. Raises InputError where it can't be read or
    lacks them.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{str(file)!r} can't be written: {getattr(error, 'strerror', error)}"
        ) from error
    if not MARKS.search(text):
        raise InputError(f"{str(file)!r} has no lines {BEGIN} and {END} to write between")
    return text
