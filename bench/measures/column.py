"""A column of the leaderboard: what it is called, how it is computed and how it is printed."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .comparison import Comparison

MISSING = "–"
"""Printed where an optimizer has no value."""
FOR_LEGIBLE_NAMES = 10
"""From this weight on a column goes only where names would be illegible, not where they fold."""
ALWAYS = 100
"""From this weight on a column is always printed."""

Row = Mapping[Hashable, Any]
"""A row of the leaderboard by the names of its columns, `optimizer` among them."""


@dataclass(frozen=True)
class Column:
    """A column of the leaderboard.

    name : in the data frame and in leaderboard.csv.
    compute : a value for each optimizer by its name. One that isn't among them has none (NaN).
    about : what the numbers mean, in a sentence.
    place : columns stand in the order of these.
    dtype : of the data frame's column; None for text. Counts that not all optimizers have are
    "Int64".
    heading : in the printed table; empty for a column that isn't printed.
    text : what is printed in a row.
    caption : what stands below the printed table, for a table and whether the column has room in
    it; empty for nothing.
    weight : where the terminal has no room, the lightest columns go first (FOR_LEGIBLE_NAMES,
    ALWAYS).
    """

    name: str
    compute: Callable[[Comparison], pd.Series]
    about: str
    place: int
    dtype: type | str | None
    heading: str
    text: Callable[[Row], str]
    caption: Callable[[pd.DataFrame, bool], str]
    weight: int


def column(
    *,
    place: int,
    dtype: type | str | None = float,
    heading: str = "",
    text: str | Callable[[Row], str] = "{}",
    caption: str | Callable[[pd.DataFrame, bool], str] = "",
    weight: int = 0,
) -> Callable[[Callable[[Comparison], pd.Series]], Column]:
    """Make a column of a function of the comparison; its name and the first paragraph of its
    docstring are the column's (see Column for the rest).

    text : a format of the value, as "{:.3f}", or a function of the whole row.
    caption : a text that always stands there, or a function.
    """

    def made(compute: Callable[[Comparison], pd.Series]) -> Column:
        name = compute.__name__
        about = " ".join((compute.__doc__ or "").split("\n\n")[0].split())
        return Column(
            name=name,
            compute=compute,
            about=about,
            place=place,
            dtype=dtype,
            heading=heading,
            text=_formatted(name, text) if isinstance(text, str) else text,
            caption=_constant(caption) if isinstance(caption, str) else caption,
            weight=weight,
        )

    return made


def _formatted(name: str, form: str) -> Callable[[Row], str]:
    return lambda row: MISSING if pd.isna(row[name]) else form.format(row[name])


def _constant(caption: str) -> Callable[[pd.DataFrame, bool], str]:
    return lambda table, is_shown: caption
