"""Sweep files: a Request and suites in TOML. The fields of Request say which keys there are and the
type of each.

A suite says on what optimizers are run; a sweep file may say all that `optbench run` takes, and
name suites:

    suite = "smoke"                      # or problems = ["rosenbrock", "xor"]
    optimizers = ["adam", "sgd"]
    lrs = [1e-3, 1e-2]
    plugins = ["my_rule.py"]             # beside this file

    [suites.mine]
    problems = ["rosenbrock[dim=10]", "beale"]
    seeds = 3
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, cast, get_args, get_origin, get_type_hints

from ...kernels.grammar import InputError, unknown
from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem
from ...problems.registry import Family
from .request import NOT_OF_A_SUITE, Request

TYPE_NAMES = {str: "a text", list: "a list", int: "a whole number", bool: "true or false"}


@dataclass(frozen=True)
class Kind:
    """What a key's value may be. types : of it.  texts : a list has texts alone."""

    types: tuple[type, ...]
    texts: bool


@cache
def keys() -> dict[str, Kind]:
    """What a sweep file may say, by key."""
    hints = get_type_hints(
        Request, localns={"Problem": Problem, "Optimizer": Optimizer, "Family": Family}
    )
    return {word: _kind(hint) for word, hint in hints.items()}


def suite_keys() -> dict[str, Kind]:
    """What a suite may say, by key."""
    return {word: kind for word, kind in keys().items() if word not in NOT_OF_A_SUITE}


def read(file: str | Path) -> tuple[Request, dict[str, Request]]:
    """What a sweep file asks for, and the suites that it names. Paths of plugins are the file's own
    folder's.

    Raises InputError that names the file and the key where it can't be read.
    """
    path, where = Path(file), f"sweep file {str(file)!r}"
    if path.suffix != ".toml":
        raise InputError(
            f"{str(file)!r} isn't a sweep file, which ends in .toml; problems are given by -p,"
            " optimizers by -o"
        )
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(f"there is no {where}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{where} isn't in UTF-8; save it as UTF-8") from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{where} can't be read: {error}") from error
    named = _tables(values.pop("suites", {}), where)
    asked = _request(values, keys(), where)
    suites = {name: suite_of(table, f"{where}, suite {name!r}") for name, table in named.items()}
    if asked.plugins is not None:
        asked = replace(asked, plugins=[str(path.parent / plugin) for plugin in asked.plugins])
    return asked, suites


def _tables(suites: Any, where: str) -> Mapping[str, Mapping[str, Any]]:
    tables = cast("Mapping[str, Any]", suites if isinstance(suites, dict) else {"": suites})
    if not all(isinstance(suite, dict) for suite in tables.values()):
        raise InputError(f"{where}: suites are tables, [suites.mine]")
    return tables


def suite_of(values: Mapping[str, Any], where: str) -> Request:
    """What a suite's table asks for. Raises InputError that begins with `where` for wrong keys and
    values, and where it names no problem.
    """
    asked = _request(values, suite_keys(), where)
    if asked.problems is None and asked.kinds is None:
        raise InputError(f"{where}: it needs problems or kinds")
    return asked


def _request(values: Mapping[str, Any], known: Mapping[str, Kind], where: str) -> Request:
    for word, value in values.items():
        if word not in known:
            raise unknown(f"word in {where}:", word, known)
        kind = known[word]
        if not isinstance(value, kind.types) or (
            isinstance(value, bool) and bool not in kind.types
        ):
            raise InputError(
                f"{where}: {word} = {value!r} must be"
                f" {' or '.join(TYPE_NAMES[each] for each in kind.types)}"
            )
        entries = cast("list[Any]", value if isinstance(value, list) else [])
        if kind.texts and not all(isinstance(entry, str) for entry in entries):
            raise InputError(f"{where}: {word} = {value!r} must be a list of texts")
    return Request(**values)


def _kind(hint: Any) -> Kind:
    """The kind of a field from its annotation: `int | Sequence[int] | None` is a whole number or a
    list.
    """
    types: list[type] = []
    texts = False
    for each in get_args(hint):
        if get_origin(each) is Sequence:
            types.append(list)
            (entry,) = get_args(each)
            texts = entry is str or str in get_args(entry)
        elif each is not NoneType:
            types.append(each)
    return Kind(tuple(types), texts)
