"""Suites and sweep files: which problems, at how many learning rates and seeds, by name or from a
TOML file.

A suite says on what optimizers are followed; a sweep file may say all that `optbench run` can be
told, and name suites:

    suite = "smoke"                      # or problems = ["rosenbrock", "xor"]
    optimizers = ["adam", "sgd"]
    lrs = [1e-3, 1e-2]
    plugins = ["my_rule.py"]             # beside this file

    [suites.mine]
    problems = ["rosenbrock[dim=10]", "beale"]
    seeds = 3
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ...kernels.grammar import InputError, unknown
from ...problems import registry
from ...problems.kinds import KINDS
from ...problems.near_origin import near_origin
from ...problems.problem import Problem
from ..plugins import discovery
from ..terminal.notices import notice

DEFAULT = "default"
SHIFT = 1.0
"""By how much a problem is shifted whose minimizer is the origin or near it, in fixed standard
normal vectors.
"""
SUITE_WORDS: dict[str, tuple[type, ...]] = {
    "about": (str,),
    "problems": (list,),
    "kinds": (list,),
    "optimizers": (list,),
    "lrs": (list,),
    "lr_count": (int,),
    "seeds": (int, list),
    "steps": (int,),
    "schedule": (str,),
    "stop": (str,),
    "dtype": (str,),
    "figures": (bool,),
}
"""What a suite may say, and as what: the words of ob.run and, with - for _, the options of
`optbench run`.
"""
SWEEP_WORDS: dict[str, tuple[type, ...]] = {
    **SUITE_WORDS,
    "suite": (str,),
    "workers": (int,),
    "out": (str,),
    "plugins": (list,),
}
"""What a sweep file may say beside that."""


@cache
def built_in() -> dict[str, dict[str, Any]]:
    """The suites that come with optbench, by name."""
    return tomllib.loads(Path(__file__).with_name("suites.toml").read_text(encoding="utf-8"))


def read(file: str | Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What a sweep file says, and the suites that it names. Paths of plugins are the file's own
    folder's.

    Raises InputError that names the file and the word where it can't be read.
    """
    path = Path(file)
    if path.suffix != ".toml":
        raise InputError(
            f"{str(file)!r} isn't a sweep file, which ends in .toml; problems are given by -p,"
            " optimizers by -o"
        )
    try:
        words = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(f"there is no sweep file {str(file)!r}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"sweep file {str(file)!r} isn't in UTF-8; save it as UTF-8") from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"sweep file {str(file)!r} can't be read: {error}") from error
    named = words.pop("suites", {})
    if not isinstance(named, dict) or not all(isinstance(suite, dict) for suite in named.values()):
        raise InputError(f"sweep file {str(file)!r}: suites are tables, [suites.mine]")
    _check(words, SWEEP_WORDS, f"sweep file {str(file)!r}")
    for name, suite in named.items():
        _check(suite, SUITE_WORDS, f"sweep file {str(file)!r}, suite {name!r}")
        if not suite.keys() & {"problems", "kinds"}:
            raise InputError(
                f"sweep file {str(file)!r}, suite {name!r}: it needs problems or kinds"
            )
    if "plugins" in words:
        words["plugins"] = [str(path.parent / plugin) for plugin in words["plugins"]]
    return words, named


def words_of(name: str, named: Mapping[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    """What the suite says; named : further suites, of a file. Raises InputError for an unknown
    name.
    """
    suites = {**built_in(), **(named or {})}
    if name not in suites:
        raise unknown("suite", name, suites, "optbench list suites")
    return dict(suites[name])


def merged(words: Mapping[str, Any], suite: Mapping[str, Any]) -> dict[str, Any]:
    """The suite's words with those on top that are given, None being none; problems given replace
    the suite's.
    """
    given = {word: value for word, value in words.items() if value is not None}
    alternatives = ({"problems", "kinds"}, {"lrs", "lr_count"})
    replaced = {word for group in alternatives if group & given.keys() for word in group}
    return {**{word: value for word, value in suite.items() if word not in replaced}, **given}


def asked_problems(words: Mapping[str, Any]) -> list[Problem]:
    """The problems that `problems` and `kinds` name, the latter away from the origin. Raises
    InputError for unknown ones.
    """
    discovery.discover()
    found = [discovery.get_problem(str(name)) for name in words.get("problems", [])]
    for kind in words.get("kinds", []):
        if kind not in KINDS:
            raise unknown("kind of problem", str(kind), KINDS)
    return found + [
        away_from_origin(problem)
        for problem in every_problem()
        if problem.kind in words.get("kinds", [])
    ]


def away_from_origin(problem: Problem) -> Problem:
    """The problem; or, with a minimizer at or near the origin, the same shifted: there whatever
    shrinks x is rewarded.
    """
    if not near_origin(problem) or problem.project is not None:
        return problem
    return registry.find(problem.name, shift=SHIFT)


def every_problem() -> list[Problem]:
    """Every registered problem and its variants; one whose optional package isn't installed is left
    out.

    So is a plugin's that can't be made, with a notice that says why.
    """
    discovery.discover()
    found = []
    for family in filter(lambda family: family.present, registry.registered().values()):
        try:
            found += [registry.find(family.name, **given) for given in ({}, *family.variants)]
        except InputError as error:
            if family.ours:
                raise
            notice(f"{error}; it is left out")
    return found


def default_problems() -> list[Problem]:
    """What a sweep covers that names no problem: the default suite, and every problem that a plugin
    brought.
    """
    brought = [
        problem for problem in every_problem() if not registry.registered()[problem.family].ours
    ]
    return asked_problems(built_in()[DEFAULT]) + brought


def _check(words: Mapping[str, Any], known: Mapping[str, tuple[type, ...]], where: str) -> None:
    for word, value in words.items():
        if word not in known:
            raise unknown(f"word in {where}:", word, known)
        if not isinstance(value, known[word]) or (
            isinstance(value, bool) and bool not in known[word]
        ):
            raise InputError(
                f"{where}: {word} = {value!r} must be"
                f" {' or '.join(NAMES[kind] for kind in known[word])}"
            )
        if (
            isinstance(value, list)
            and word in TEXTS
            and not all(isinstance(entry, str) for entry in value)
        ):
            raise InputError(f"{where}: {word} = {value!r} must be a list of texts")


TEXTS = ("problems", "kinds", "optimizers", "plugins")
NAMES = {str: "a text", list: "a list", int: "a whole number", bool: "true or false"}
