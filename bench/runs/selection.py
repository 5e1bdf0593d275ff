"""Which stored runs a command is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from ...kernels import schedule as schedules
from ...kernels.grammar import InputError, unknown
from ...kernels.signatures import DTYPES
from ..plugins import discovery
from ..sweep.request import STOPS
from ..terminal.notices import notice
from .results import Results
from .store import read
from .superseded import present


@dataclass(frozen=True)
class Choice:
    """Names and values that runs must have, as they are typed; None for any. `all` among optimizers
    means every one.
    """

    problems: list[str] | None = None
    optimizers: list[str] | None = None
    steps: int | None = None
    schedule: str | None = None
    stop: str | None = None
    dtype: str | None = None

    def rows(self, table: pa.Table) -> np.ndarray:
        """Which rows of a table are meant, bool. Raises InputError where none is, and for unknown
        names and values.
        """
        rows = np.ones(len(table), bool)
        for column, values in self._limits(table):
            there = table[column].to_pandas()
            left = rows & there.isin(values).to_numpy()
            if not left.any():
                word = "steps" if column == "budget" else column
                # of what is asked for otherwise, too
                names = ", ".join(map(str, sorted(set(there[rows]))[:8]))
                raise InputError(
                    f"no stored runs of {word} {', '.join(map(str, sorted(values)))}; there are:"
                    f" {names}"
                )
            rows = left
        return rows

    def _limits(self, table: pa.Table) -> Iterable[tuple[str, set]]:
        """The columns that are limited, and to what."""
        if self.problems:
            yield "problem", _names(self.problems, table["problem"], discovery.get_problem)
        if self.optimizers and "all" not in self.optimizers:
            yield "optimizer", _names(self.optimizers, table["optimizer"], discovery.get_optimizer)
        if self.steps is not None:
            yield "budget", {self.steps}
        if self.schedule is not None:
            yield "schedule", {schedules.canonical(self.schedule)}
        for column, value, known in (("stop", self.stop, STOPS), ("dtype", self.dtype, DTYPES)):
            if value is not None and value not in known:
                raise unknown(column, value, known)
            if value is not None:
                yield column, {value}


def stored(path: str | Path, choice: Choice, empty: bool = False) -> Results:
    """The runs of this choice in a folder that code as it is now would give; warns of those left
    out (Notice).

    empty : return no runs where there are none. Raises InputError then, for a folder that can't be
    read, and for unknown names and values.
    """
    table = read(Path(path))
    if not len(table) and not empty:
        raise InputError("there are no stored runs; `optbench run` makes some")
    asked = choice.rows(table)
    found = present(table)
    notes = found.notes(asked)
    if not empty and not (asked & found.rows).any():
        raise InputError(notes[0])
    for note in notes:
        notice(note)
    return Results([table.filter(pa.array(asked & found.rows))])


def load(path: str | Path) -> Results:
    """The runs stored in a folder, of each run the newest, by code as it is now; warns of those
    left out (Notice).

    Raises InputError where it can't be read.
    """
    return stored(path, Choice(), empty=True)


def _names(asked: list[str], column: pa.ChunkedArray, find) -> set[str]:
    """Names as they are stored; runs can be told apart without the plugin that made them."""
    stored = set(column.unique().to_pylist())
    return {word if word in stored else find(word).name for word in asked}
