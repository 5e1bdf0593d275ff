"""The leaderboard: optimizers, best first, with a column for each file of columns/."""

from dataclasses import dataclass

import pandas as pd

from . import columns
from .comparison import Comparison

NAME = "optimizer"
"""The column that says whose row it is."""


@dataclass(frozen=True)
class Board:
    """A leaderboard and what has to be said of it, in a line each: what it leaves out, and what its
    rows don't share.

    table : best first; the columns are those of `leaderboard`.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]


def leaderboard(runs: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """The optimizers, best first: `optimizer`, and a column for each file of columns/, whose
    docstrings say what they mean.

    runs : as `results.runs`.  seed : of the bootstrap. An optimizer that didn't run all problems
    that the others are ranked on stands at the end without score, low, high and wins; solved,
    problems and at_edge are then of those that it ran. Where all of its runs on a problem failed,
    it counts as not run there.
    """
    return board(runs, seed).table


def board(runs: pd.DataFrame, seed: int = 0) -> Board:
    """The leaderboard of runs with its notes; seed : of the bootstrap."""
    shown = columns.in_order()
    types = {column.name: column.dtype for column in shown if column.dtype is not None}
    if runs.empty:
        names = [NAME, *(column.name for column in shown)]
        return Board(pd.DataFrame(columns=names).astype(types), ())
    found = Comparison.of(runs, seed)
    made = {column.name: column.compute(found).reindex(found.optimizers) for column in shown}
    frame = pd.DataFrame({NAME: found.optimizers, **{k: v.to_numpy() for k, v in made.items()}})
    frame = frame.astype(types).sort_values(
        ["score", "solved", NAME], ascending=[False, False, True]
    )
    return Board(frame.reset_index(drop=True), tuple(found.notes()))
