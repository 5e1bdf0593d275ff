"""The leaderboard as text: names and numbers are whole in terminals of any width."""

import re
from itertools import pairwise

import pandas as pd
import pytest
from optbench.bench.cli import leaderboard
from optbench.bench.measures import columns
from optbench.bench.measures.leaderboard import Board
from rich.console import Console

SHOWN = (
    "score",
    "low",
    "high",
    "solved",
    "problems",
    "wins",
    "at_edge",
    "tried",
    "diverged",
    "failed",
)
"""The columns that these tests are about; a further one is no matter of theirs."""
NAMES = ["adam", "schedule_free_adamw", "sgd (cosine)", "clip_norm[torch:adamw,limit=0.5]"]


class Results(list):
    """Runs whose leaderboard is given."""

    def __init__(self, table, notes=()):
        super().__init__([1])
        self.board = Board(table, notes)


@pytest.fixture
def printed(monkeypatch, capsys):
    """Print a leaderboard in so many columns -> what stands there."""

    def _printed(table, width):
        shown = [column for column in columns.in_order() if column.name in SHOWN]
        monkeypatch.setattr(columns, "in_order", lambda: shown)
        monkeypatch.setattr(leaderboard, "open_console", lambda: Console(width=width))
        leaderboard.print_leaderboard(Results(table, ("a note of what is left out",)))
        return capsys.readouterr().out

    return _printed


def table_of(names):
    """A board of these names whose last one isn't ranked."""
    rows = [
        (name, 0.987 - k / 10, 0.123, 0.999, 17, 18, 11, 16, "9–13 × 10", 0.21, 0.0)
        for k, name in enumerate(names)
    ]
    frame = pd.DataFrame(rows, columns=["optimizer", *SHOWN]).astype({"wins": "Int64"})
    frame.loc[len(frame) - 1, ["score", "low", "high", "wins"]] = pd.NA
    return frame


def rows_of(text):
    """The rows of a printed table: the texts between its columns, folded ones put together."""
    lines = text[text.index("──") :].splitlines()[1:]
    rows = []
    for line in lines[: lines.index(next(line for line in lines if not line.strip()))]:
        if line[:4].strip():
            rows.append(re.split(r" {2,}", line.strip()))
        else:
            rows[-1][1] += line.strip()
    return rows


@pytest.mark.parametrize("width", [40, 50, 60, 61, 66, 80, 100, 150])
def test_names_and_numbers_are_whole(printed, width):
    """At every width each row has its name, folded where it is long, and its score; no number is
    cut.
    """
    rows = rows_of(printed(table_of(NAMES), width))

    assert [row[1] for row in rows] == NAMES
    assert [row[2] for row in rows] == ["0.987", "0.887", "0.787", "–"]
    assert [row[0] for row in rows] == ["1", "2", "3", "–"]
    assert all("17/18" in row for row in rows)
    assert "…" not in str(rows)


@pytest.mark.parametrize("width", [40, 50, 60, 80])
def test_names_without_settings_stand_in_a_line(printed, width):
    """A name of the catalogue is never folded, whatever has to go for it."""
    text = printed(table_of(NAMES[:3]), width)

    assert all(any(f" {name} " in line for line in text.splitlines()) for name in NAMES[:3])


def test_what_matters_least_goes_first(printed):
    """With less and less room diverged goes first, then edge, then wins; score and solved never."""
    shown = []
    for width in range(150, 39, -1):
        head = printed(table_of(["adam", "sgd"]), width)
        shown.append(
            {
                word
                for word in ("diverged", "edge", "wins", "tried", "interval", "score", "solved")
                if f"{word} " in head
            }
        )
    gone = [before - after for before, after in pairwise(shown) if before != after]

    assert [set(headings) for headings in gone[:3]] == [{"diverged"}, {"edge"}, {"wins"}]
    assert all({"score", "solved"} <= headings for headings in shown)


def test_notes_are_printed(printed):
    """What the board leaves out stands below it."""
    assert printed(table_of(NAMES), 80).rstrip().endswith("a note of what is left out")


def test_an_optimizer_that_always_failed_says_so(printed):
    """Where all runs of a row failed, that stands in place of a score."""
    table = table_of(NAMES)
    table.loc[0, "failed"] = 1.0

    assert rows_of(printed(table, 100))[0][2] == "failed"
