"""optbench: compare first-order optimizers in seconds, and notice when a commit makes one slower or worse."""

# The repository's root is this package (package-dir in pyproject.toml): the folders you see are the modules you import.
# Nothing here may import numba or pandas: attributes load their module when first used.

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bench.plugins import get_optimizer, get_problem, list_optimizers, list_problems
    from .bench.results import Results, load
    from .bench.run import run
    from .kernels.optimizer import Optimizer
    from .kernels.registry import optimizer
    from .problems.dense import dense_problem
    from .problems.problem import Problem
    from .problems.registry import problem

_PLACES = {
    "get_optimizer": "bench.plugins",
    "get_problem": "bench.plugins",
    "list_optimizers": "bench.plugins",
    "list_problems": "bench.plugins",
    "run": "bench.run",
    "load": "bench.results",
    "Results": "bench.results",
    "optimizer": "kernels.registry",
    "Optimizer": "kernels.optimizer",
    "dense_problem": "problems.dense",
    "problem": "problems.registry",
    "Problem": "problems.problem",
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
        raise AttributeError(f"module 'optbench' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(f".{_PLACES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
