"""Suites: problems and how they are swept, by name; and which problems a request means."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ...kernels.grammar import InputError, unknown
from ...problems import registry
from ...problems.kinds import KINDS
from ...problems.near_origin import near_origin
from ...problems.problem import Problem
from ..plugins import discovery
from ..terminal.notices import notice
from . import sweep_file
from .request import Request

DEFAULT = "default"
SHIFT = 1.0
"""By how much a problem is shifted whose minimizer is the origin or near it, in fixed standard
normal vectors.
"""


@cache
def built_in() -> dict[str, Request]:
    """The suites that come with optbench, by name."""
    file = Path(__file__).with_name("suites.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: sweep_file.suite_of(table, name) for name, table in tables.items()}


def find(name: str, further: Mapping[str, Request] | None = None) -> Request:
    """The suite of that name. further : suites of a file, which go before the built-in ones.

    Raises InputError for an unknown name.
    """
    suites = {**built_in(), **(further or {})}
    if name not in suites:
        raise unknown("suite", name, suites, "optbench list suites")
    return suites[name]


def problems_of(request: Request) -> list[Problem]:
    """The problems that a request means: those that `problems` names or has, and all of `kinds`,
    the latter away from the origin; where it has neither, the default ones.

    Raises InputError for unknown names and things that aren't problems.
    """
    if request.problems is None and request.kinds is None:
        return default_problems()
    discovery.discover()
    kinds = request.kinds or []
    found = [_problem(given) for given in request.problems or []]
    for kind in kinds:
        if kind not in KINDS:
            raise unknown("kind of problem", str(kind), KINDS)
    if kinds:
        found += [away_from_origin(problem) for problem in every_problem() if problem.kind in kinds]
    return found


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
    return problems_of(built_in()[DEFAULT]) + brought


def _problem(given: object) -> Problem:
    if isinstance(given, str):
        return discovery.get_problem(given)
    made = given.problem() if isinstance(given, registry.Family) else given
    if not isinstance(made, Problem):
        raise InputError(f"problems are names or Problem objects, not {given!r}")
    if not made.family:
        raise InputError("a Problem made by hand needs a name: Problem(..., family='mine')")
    return made
