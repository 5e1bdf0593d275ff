"""The leaderboard as text: the columns for which the terminal has room, names always among them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from ...kernels.grammar import InputError
from ..runs.results import Results
from ..terminal.console import open_console

NAME = "optimizer"
HEADINGS = ("", NAME, "score", "95 % interval", "solved", "wins", "edge", "tried", "diverged")
DROPPED = ("diverged", "edge", "wins")
"""What goes first where names don't fit, in this order."""
DROPPED_LAST = ("tried", "95 % interval")
"""What goes only where a name has less than LEGIBLE columns."""
LEGIBLE = 20
"""Columns in which all names without settings are whole, and longer ones can be read, folded."""
GAP = 2
"""Columns of space behind each column, the frame's included; one more stands before the first."""


def print_leaderboard(results: Results) -> pd.DataFrame:
    """Print the leaderboard, and below it what it leaves out; return it. Raises InputError where
    there are no runs.
    """
    if not len(results):
        raise InputError("there are no runs to compare; `optbench run` makes some")
    board, console = results.board, open_console()
    rows = _rows(board.table)
    caption = (
        "score: area under the performance profile up to 4 × the fastest, each optimizer at its"
        " best lr a problem; interval: 95 % bootstrap over seeds"
    )
    shown = fitting(rows, console.width)
    if board.table["at_edge"].any():
        subject = "edge: problems" if "edge" in shown else "there are problems"
        caption += (
            f"; {subject} whose best lr is the least or largest tried, where a wider grid"
            " (--lr-count) may do better"
        )
    table = Table(
        title="Leaderboard",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        caption=caption,
        caption_style="dim",
    )
    for heading in shown:
        # names fold where there is no room, numbers never
        is_name = heading == NAME
        table.add_column(
            heading,
            justify="left" if is_name else "right",
            no_wrap=not is_name,
            overflow="fold",
            min_width=None if is_name else width_of(rows, heading),
        )
    for row in rows:
        table.add_row(*(escape(row[heading]) for heading in shown))
    console.print(table)
    for note in board.notes:
        console.print(note, highlight=False, markup=False)
    return board.table


def _rows(table: pd.DataFrame) -> list[dict[str, str]]:
    """The texts of each row, by heading; a row that isn't ranked has no place, score and wins."""
    rows = []
    for place, row in enumerate(table.to_dict("records"), 1):
        is_ranked = pd.notna(row["score"])
        score = f"{row['score']:.3f}" if is_ranked else "–"
        interval = f"{row['low']:.3f} – {row['high']:.3f}" if is_ranked else "–"
        values = (
            str(place) if is_ranked else "–",
            str(row["optimizer"]),
            "failed" if row["failed"] == 1 else score,
            interval,
            f"{row['solved']}/{row['problems']}",
            str(row["wins"]) if is_ranked else "–",
            str(row["at_edge"]),
            row["tried"],
            f"{row['diverged']:.0%}",
        )
        rows.append(dict(zip(HEADINGS, values, strict=True)))
    return rows


def width_of(rows: Sequence[Mapping[str, Any]], heading: str) -> int:
    """Columns that the heading and its longest text take."""
    return max(len(heading), *(len(row[heading]) for row in rows))


def fitting(rows: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    """The headings of the columns that fit in so many columns beside whole names, or legible
    ones.
    """
    shown: list[str] = list(HEADINGS)

    def room() -> int:
        others = [heading for heading in shown if heading != NAME]
        return width - 1 - sum(width_of(rows, heading) + GAP for heading in others) - GAP

    longest = width_of(rows, NAME)
    for heading in DROPPED:
        if room() < longest:
            shown.remove(heading)
    for heading in DROPPED_LAST:
        if room() < min(longest, LEGIBLE):
            shown.remove(heading)
    return shown
