"""Which stored runs code as it is now would give: what edited rules and problems left behind is not
compared.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from ...kernels.grammar import InputError
from ..measures.ranking import listed
from ..plugins import discovery
from ..sweep.block import Block
from ..sweep.code_digests import problem_source, readable, rule_source, run_source

PARTS = {"optimizer": "rule_source", "problem": "problem_source"}
"""Names, and the column that has the digest of their code."""
ALIKE = [*PARTS, *PARTS.values(), "source", "schedule", "dtype", "stop", "budget"]
"""Runs that agree in these are by the same code."""
ELSE = "optbench itself"


@dataclass(frozen=True)
class Present:
    """Which rows of a table are by code as it is now.

    rows : bool, a row of the table each.  group : of each row, the number of its entry in
    `culprits`: the names whose code was edited since, none where it wasn't.  unknown : names whose
    code isn't here to be compared, and their rows.
    """

    rows: np.ndarray
    group: np.ndarray
    culprits: list[list[str]]
    unknown: dict[str, np.ndarray]

    def notes(self, asked: np.ndarray) -> list[str]:
        """In a line each, what is left out of the rows `asked` (bool), and the names among them
        that can't be compared.
        """
        notes = []
        gone = asked & ~self.rows
        if gone.any():
            names = listed(
                sorted({name for k in np.unique(self.group[gone]) for name in self.culprits[k]})
            )
            notes.append(
                f"{gone.sum()} stored runs left out, superseded by edits of {names}; `optbench run`"
                " computes them anew"
            )
        unknown = [name for name, rows in self.unknown.items() if (rows & asked).any()]
        if unknown:
            notes.append(
                "not known here, or not readable, so shown by the newest code that is stored:"
                f" {listed(unknown)}"
            )
        return notes


def present(table: pa.Table) -> Present:
    """The rows that code as it is now would give; table : of rows.SCHEMA, each run once, the newest
    last.

    Where the plugin that brought a name isn't loaded its code can't be compared: of that name only
    the runs by its newest code are kept, so that two versions never stand in one row.
    """
    discovery.discover()
    frame = pd.DataFrame({column: table[column].to_pandas() for column in ALIKE})
    groups, group = (
        frame.drop_duplicates(),
        frame.groupby(ALIKE, sort=False, observed=True).ngroup().to_numpy(),
    )
    found = {
        word: {name: _found(find, name) for name in sorted(frame[word].unique())}
        for word, find in (
            ("optimizer", discovery.get_optimizer),
            ("problem", discovery.get_problem),
        )
    }
    expected = {
        word: dict(zip(frame[word], frame[part], strict=True)) for word, part in PARTS.items()
    }  # of the newest
    for word, source in (("optimizer", rule_source), ("problem", problem_source)):
        expected[word] |= {
            name: source(thing) for name, thing in found[word].items() if thing is not None
        }
    culprits = [_culprits(row, expected, found) for row in groups.to_dict("records")]
    as_now = np.array([not names for names in culprits], bool)
    unknown = {
        name: (frame[word] == name).to_numpy()
        for word in found
        for name, thing in found[word].items()
        if thing is None
    }
    return Present(as_now[group], group, culprits, unknown)


def _found(find: Callable, name: str):
    """The optimizer or problem of a stored name; None where nobody registered it, or where its code
    can't be read.
    """
    try:
        thing = find(name)
    except InputError:
        return None
    return thing if readable(thing) else None


def _culprits(
    row: Mapping[Hashable, Any], expected: Mapping[str, dict], found: Mapping[str, dict]
) -> list[str]:
    """Whose code differs from what made these runs; none where they are what would be computed
    now.
    """
    edited = [
        row[word] if row[part] else ELSE
        for word, part in PARTS.items()
        if row[part] != expected[word][row[word]]
    ]
    rule, problem = (found[word][row[word]] for word in ("optimizer", "problem"))
    if edited or problem is None or rule is None:
        return edited
    block = Block(
        problem=problem,
        optimizer=rule,
        schedule=row["schedule"],
        dtype=row["dtype"],
        steps=int(row["budget"]),
        stop=row["stop"],
        lrs=np.zeros(0),
        seeds=np.zeros(0, np.int64),
    )
    try:
        source = run_source(row["rule_source"], row["problem_source"], block.multipliers)
        return [] if source == row["source"] else [ELSE]
    except InputError:  # a schedule that is no more
        return [row["schedule"]]
