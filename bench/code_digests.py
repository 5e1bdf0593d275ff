"""What decides a run beside its names, as digests: the code of rule, problem and loop, their values, and the data."""

import json

import numpy as np

from ..kernels import block as blocks
from ..kernels import sources
from ..kernels.cache import digest
from ..kernels.optimizer import Optimizer
from ..problems.problem import Problem


def written_settings(optimizer: Optimizer) -> str:
    """All settings but lr, as canonical JSON."""
    return json.dumps(optimizer.written, sort_keys=True, separators=(",", ":"))


def rule_source(optimizer: Optimizer) -> str:
    """Digest of what an optimizer does: its code, what its decorator says, the values of all settings but lr."""
    code = [sources.identity(function) for function in optimizer.functions]
    return digest(*map(str.encode, (*code, repr(optimizer.chain.declared), written_settings(optimizer))))


def problem_source(problem: Problem) -> str:
    """Digest of what a problem is: its code, the values of all parameters, and the data.

    What makes the problem isn't asked: what it made is in the problem's digest.
    """
    functions = [problem.formula, *([problem.project] if problem.project else [])]
    parameters = json.dumps(problem.parameters, sort_keys=True, default=str)
    return digest(
        *(sources.identity(function).encode() for function in functions), problem.digest.encode(), parameters.encode()
    )


def run_source(rule: str, problem: str, multipliers: np.ndarray) -> str:
    """Digest of all that decides runs of a rule_source on a problem_source, under a schedule's multipliers (steps,).

    The multipliers themselves: a schedule's formula and defaults, whatever its name leaves out.
    """
    return digest(multipliers.tobytes(), *map(str.encode, (rule, problem, sources.identity(blocks.follow))))
