"""The leaderboard as text, which fits into the terminal, and as a CSV file.

The columns and what is printed of each are those of measures/columns/.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from ...kernels.grammar import InputError
from ..measures import columns
from ..measures.column import ALWAYS, FOR_LEGIBLE_NAMES, MISSING, Column
from ..measures.leaderboard import NAME
from ..runs.results import Results
from ..terminal.console import open_console

PLACE = ""
"""The heading of the first column, the place in the ranking."""
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
    every = columns.in_order()
    printed = [column for column in every if column.heading]
    texts = texts_of(board.table, printed)
    shown = fitting(printed, texts, console.width)
    captions = [column.caption(board.table, column in shown) for column in every]
    table = Table(
        title="Leaderboard",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        caption="; ".join(caption for caption in captions if caption),
        caption_style="dim",
    )
    headings = [PLACE, NAME, *(column.heading for column in shown)]
    for heading in headings:
        # names fold where there is no room, numbers never
        is_name = heading == NAME
        table.add_column(
            heading,
            justify="left" if is_name else "right",
            no_wrap=not is_name,
            overflow="fold",
            min_width=None if is_name else width_of(heading, texts[heading]),
        )
    for row in zip(*(texts[heading] for heading in headings), strict=True):
        table.add_row(*map(escape, row))
    console.print(table)
    for note in board.notes:
        console.print(note, highlight=False, markup=False)
    return board.table


def write_leaderboard(results: Results, out: str) -> Path:
    """Write the leaderboard as CSV into the folder and return the file. Raises InputError where it
    can't be written.
    """
    file = Path(out) / "leaderboard.csv"
    try:
        results.board.table.to_csv(file, index=False, float_format="%.6g")
    except OSError as error:
        raise InputError(f"{str(file)!r} can't be written: {error.strerror}") from error
    return file


def texts_of(table: pd.DataFrame, printed: Sequence[Column]) -> dict[str, list[str]]:
    """What stands in each column, from top to bottom, by its heading; a row that isn't ranked has
    no place.
    """
    rows = table.to_dict("records")
    texts = {
        PLACE: [
            str(place) if pd.notna(row["score"]) else MISSING for place, row in enumerate(rows, 1)
        ],
        NAME: [str(row[NAME]) for row in rows],
    }
    return texts | {column.heading: [column.text(row) for row in rows] for column in printed}


def width_of(heading: str, texts: Sequence[str]) -> int:
    """Columns of the terminal that the heading and its longest text take."""
    return max(len(heading), *map(len, texts))


def fitting(printed: Sequence[Column], texts: dict[str, list[str]], width: int) -> list[Column]:
    """The columns that fit into so many columns of a terminal, beside the place and whole names;
    the heavier ones beside names that are legible.
    """
    shown = list(printed)

    def room() -> int:
        others = [PLACE, *(column.heading for column in shown)]
        taken = sum(width_of(heading, texts[heading]) + GAP for heading in others)
        return width - 1 - taken - GAP

    longest = width_of(NAME, texts[NAME])
    for column in sorted(printed, key=lambda column: column.weight):
        needed = longest if column.weight < FOR_LEGIBLE_NAMES else min(longest, LEGIBLE)
        if column.weight < ALWAYS and room() < needed:
            shown.remove(column)
    return shown
