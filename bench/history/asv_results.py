"""What asv has measured, as a data frame: its JSON files read, old versions left out.

The files are other people's text: what can't be read is left out with a line that says so,
and the rest is read.
"""

import itertools
import json
import math
import re
from ast import literal_eval
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ...kernels.grammar import InputError
from .asv_config import asv_config
from .benchmark_list import FILE, benchmarks

COLUMNS = [
    "machine",
    "environment",
    "commit",
    "benchmark",
    "problem",
    "optimizer",
    "lr",
    "dim",
    "value",
    "low",
    "high",
]
AXES = ("problem", "optimizer", "lr", "dim")
FORMAT = 2
"""Of asv's files of results."""


def read(root: Path, warn: Callable[[str], Any] = lambda line: None) -> pd.DataFrame:
    """The values of every commit, machine and environment: COLUMNS, a row a value; n/a and failures
    are left out.

    low, high : the 99 % interval of the value's samples, NaN where it has none.  warn : called with
    a line for each file or benchmark that isn't as asv writes it, and is left out.

    Raises InputError where nothing was measured, or nothing of it can be read.
    """
    name = str(asv_config(root).get("results_dir", "results"))
    files = [file for file in sorted((root / name).glob("*/*.json")) if file.name != "machine.json"]
    if not files:
        raise InputError(f"nothing was measured yet in {name}/; start with: optbench history run")
    known, skipped = benchmarks(root, warn), []
    rows = [row for file in files for row in _file(file, known, skipped)]
    for line in skipped:
        warn(line)
    if not rows:
        raise InputError(
            f"no file in {name}/ has a value of the benchmarks in"
            f" {FILE}{f' ({skipped[0]})' if skipped else ''}"
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _file(
    file: Path, known: dict[str, dict[str, Any]], skipped: list[str]
) -> Iterator[tuple[Any, ...]]:
    """The rows of one file: a commit in an environment, on the machine that the folder is named
    after.
    """
    where = f"{file.parent.name}/{file.name}"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found.get("version") != FORMAT:
            form = found.get("version")
            skipped.append(
                f"{where} has asv's format {form}, and is left out; asv update rewrites it as"
                f" {FORMAT}"
            )
            return
        columns, entries = list(found["result_columns"]), dict(found["results"])
        place = (file.parent.name, str(found["env_name"]), str(found["commit_hash"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        skipped.append(f"{where} isn't as asv writes it, and is left out: {_reason(error)}")
        return
    for name, entry in entries.items():
        try:
            # a suite may have benchmarks of another kind beside these, as many as it likes
            if name not in known or not set(known[name]["param_names"]) <= set(AXES):
                continue
            rows = list(_values(dict(zip(columns, entry, strict=False)), known[name]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            skipped.append(
                f"{where}: {name} isn't as asv writes it, and is left out: {_reason(error)}"
            )
            continue
        yield from ((*place, name, *row) for row in rows)


def _values(entry: dict[str, Any], known: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Parameters, value and interval of a benchmark's entry, whose trailing nulls asv leaves
    away.
    """
    if str(entry.get("version")) != str(known["version"]) or not entry.get("result"):
        return
    axes = [[_text(value) for value in axis] for axis in entry["params"]]
    points = [
        dict(zip(known["param_names"], values, strict=True)) for values in itertools.product(*axes)
    ]
    lows, highs = (entry.get(f"stats_ci_99_{end}") or [None] * len(points) for end in "ab")
    for point, value, low, high in zip(points, entry["result"], lows, highs, strict=True):
        size = _number(value)
        if math.isfinite(size):
            yield (*(point.get(axis, "") for axis in AXES), size, _number(low), _number(high))


def _text(parameter: Any) -> str:
    """A parameter, of which asv keeps the repr: a text's own letters, a number's shortest form, or
    else the repr as it is.
    """
    plain = re.sub(r"^(?:np|numpy)\.\w+\((.*)\)$", r"\1", str(parameter), flags=re.DOTALL)
    try:
        value = literal_eval(plain)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return str(parameter)
    return str(value)


def _number(value: Any) -> float:
    """A number as a float, which may be infinite; NaN for what is none: null, a text, a list."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError):
        return str(error.strerror)
    return (
        f"it lacks {error}"
        if isinstance(error, KeyError)
        else str(error).splitlines()[0]
        if str(error)
        else "damaged"
    )
