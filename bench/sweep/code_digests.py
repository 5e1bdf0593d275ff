"""What decides a run beside its names, as digests: the code of rule, problem and loop, their
values, and the data.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import fields

import numpy as np

from ...kernels import block as blocks
from ...kernels import sources
from ...kernels.digests import digest
from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem

SESSION = uuid.uuid4().hex
"""Stands for code that can't be read."""


def written_settings(optimizer: Optimizer) -> str:
    """All settings but lr, as canonical JSON."""
    return json.dumps(optimizer.written, sort_keys=True, separators=(",", ":"))


def rule_source(optimizer: Optimizer) -> str:
    """Digest of what an optimizer does: its code, what its decorator says, the values of all
    settings but lr.
    """
    code = [_identity(function) for function in optimizer.functions]
    return digest(*code, repr(optimizer.chain.declared), written_settings(optimizer))


def problem_source(problem: Problem) -> str:
    """Digest of what a problem is: its code, the values of all parameters, and the data.

    What makes the problem isn't asked: what it made is in the problem's digest.
    """
    code = [_identity(function) for function in _functions(problem)]
    parameters = json.dumps(problem.parameters, sort_keys=True, default=str)
    return digest(*code, problem.digest, parameters)


def run_source(rule: str, problem: str, multipliers: np.ndarray) -> str:
    """Digest of all that decides runs of a rule_source on a problem_source, under a schedule's
    multipliers (steps,).

    The multipliers themselves: a schedule's formula and defaults, whatever its name leaves out.
    """
    return digest(multipliers.tobytes(), rule, problem, sources.identity(blocks.run_lanes))


def readable(thing: Optimizer | Problem) -> bool:
    """Whether all code of an optimizer or problem has a digest, so that an edit would be
    noticed.
    """
    functions = thing.functions if isinstance(thing, Optimizer) else _functions(thing)
    return not any(map(sources.unknown, functions))


def _functions(problem: Problem) -> list[Callable]:
    """All of its fields that are functions, save the one that made it."""
    values = {entry.name: getattr(problem, entry.name) for entry in fields(problem)}
    return [value for name, value in values.items() if callable(value) and name != "maker"]


def _identity(function: Callable) -> str:
    """What has no digest is taken for the same within this process, and for another everywhere
    else.
    """
    return SESSION if sources.unknown(function) else sources.identity(function)
