"""optbench: compare first-order optimizers in seconds, and notice when a commit makes one slower or
worse.
"""

# The repository's root is this package (package-dir in pyproject.toml): the folders you see are the
# modules you import. Nothing here may import numba or pandas: attributes load their module when
# first used.

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bench.plugins.discovery import get_optimizer, get_problem, list_optimizers, list_problems
    from .bench.runs.results import Results
    from .bench.runs.run import run
    from .bench.runs.selection import load
    from .kernels.optimizer import Optimizer
    from .kernels.registry import optimizer
    from .problems.dense import dense_problem
    from .problems.problem import Problem
    from .problems.registry import problem

_PLACES = {
    "get_optimizer": "bench.plugins.discovery",
    "get_problem": "bench.plugins.discovery",
    "list_optimizers": "bench.plugins.discovery",
    "list_problems": "bench.plugins.discovery",
    "run": "bench.runs.run",
    "load": "bench.runs.selection",
    "Results": "bench.runs.results",
    "optimizer": "kernels.registry",
    "Optimizer": "kernels.registry",
    "dense_problem": "problems.dense",
    "problem": "problems.registry",
    "Problem": "problems.registry",
}

__all__ = [
    "Optimizer",
    "Problem",
    "Results",
    "dense_problem",
    "get_optimizer",
    "get_problem",
    "list_optimizers",
    "list_problems",
    "load",
    "optimizer",
    "problem",
    "run",
]


def __getattr__(name: str):
    if name not in _PLACES:
        raise AttributeError(
            f"module 'optbench' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    value = getattr(importlib.import_module(f".{_PLACES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
