"""What asv has measured, as a data frame: its JSON files read, old versions left out, commits in the order of Git."""

import itertools
import json
from ast import literal_eval
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...kernels.grammar import InputError
from .cells import settings

COLUMNS = ["machine", "environment", "commit", "benchmark", "problem", "optimizer", "lr", "dim", "value"]
AXES = ("problem", "optimizer", "lr", "dim")


def read(root: Path) -> pd.DataFrame:
    """The values of every commit, machine and environment: COLUMNS, a row a value; n/a and failures are left out.

    Raises InputError where nothing was measured or a file can't be read.
    """
    name = str(settings(root).get("results_dir", "results"))
    folder = root / name
    known = folder / "benchmarks.json"
    if not known.is_file():
        raise InputError(f"nothing was measured yet in {name}/; start with: optbench history run")
    benchmarks = _read(known, json.loads)
    files = [file for file in sorted(folder.glob("*/*.json")) if file.name != "machine.json"]
    rows = [row for file in files for row in _read(file, lambda text: list(_rows(json.loads(text), benchmarks)))]
    if not rows:
        raise InputError(f"no file in {name}/ has a value of the present benchmarks")
    return pd.DataFrame(rows, columns=COLUMNS)


def _read(file: Path, reader: Callable[[str], Any]) -> Any:
    try:
        return reader(file.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        where = f"{file.parent.name}/{file.name}"
        raise InputError(f"{where} isn't as asv writes it ({error!r}); once removed, it can be measured anew") from error


def _rows(found: dict[str, Any], benchmarks: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of one file: a commit in an environment."""
    where = (found["params"]["machine"], found["env_name"], found["commit_hash"])
    for name, entry in found["results"].items():
        known = benchmarks.get(name)
        # trailing nulls of an entry are left away
        told = dict(zip(found["result_columns"], entry, strict=False))
        if known is None or told.get("version") != known["version"] or not told.get("result"):
            continue
        if not set(known["param_names"]) <= set(AXES):
            # a benchmark of another kind, of which the suite may have as many as it likes
            continue
        for words, value in zip(itertools.product(*told["params"]), told["result"], strict=True):
            if value is None or value != value:
                continue
            # asv keeps the repr of a parameter
            axes = dict(zip(known["param_names"], map(literal_eval, words), strict=True))
            yield (*where, name, *(axes.get(axis, "") for axis in AXES), float(value))


def chained(frame: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """An index a commit (rows, in this order) and optimizer (columns): 1 at its first commit, then times the ratios' mean.

    Each ratio is the geometric mean over the cells that both neighbours have, so that a problem that comes or goes moves
    nothing.  frame : one benchmark of one machine and environment.
    """
    cells = frame.pivot_table(index="commit", columns=["optimizer", "problem", "lr"], values="value", aggfunc="first")
    cells = cells.reindex([commit for commit in order if commit in cells.index])
    logs = pd.DataFrame(np.log(cells.to_numpy()), index=cells.index, columns=cells.columns)
    lines = {}
    for optimizer in sorted(set(frame["optimizer"])):
        own = logs[optimizer]
        # where a cell has no value, the one before stands for it: its change is told when it is back
        line = own.ffill().diff().where(own.notna()).mean(axis=1).fillna(0.0).cumsum().where(own.notna().any(axis=1))
        lines[optimizer] = np.exp(line)
    return pd.DataFrame(lines)
