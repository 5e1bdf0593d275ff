"""Modules whose code is known without reading it: optbench's own by their source, others by the
version of their package.
"""

import sys
import sysconfig
import types
from functools import cache
from pathlib import Path
from typing import Any

VERSIONED = {"numba", "llvmlite", "numpy", "scipy", "optbench"}
"""Packages whose code is in the digest of all kernels by version or, ours, by source, beside
Python's own.
"""


def is_builtin(module: str) -> bool:
    """Whether the module is one of optbench's kernels or problems."""
    return module.split(".")[:2] in (["optbench", "kernels"], ["optbench", "problems"])


def versioned(module: str | None) -> bool:
    """Whether the module's code is known by its package's version or source."""
    package = _package(module)
    # a file beside a plugin may be called as one of the standard library is
    return package in VERSIONED or (
        package in sys.stdlib_module_names and _stands_in(package, ("stdlib", "platstdlib"))
    )


def installed(module: str | None) -> bool:
    """Whether the module is loaded from where Python installs packages."""
    package = _package(module)
    return package in sys.modules and _stands_in(package, ("purelib", "platlib"))


def home(value: Any) -> str:
    """The module whose code a function is: where it was written, whatever a decorator says."""
    if isinstance(value, types.FunctionType):
        return str(value.__globals__.get("__name__") or "__main__")
    return str(getattr(value, "__module__", None) or "numpy")


def _package(module: str | None) -> str:
    return str(module or "").partition(".")[0]


@cache
def _stands_in(package: str, places: tuple[str, ...]) -> bool:
    """Whether the package is built in or its file is in one of Python's places, as sysconfig names
    them.
    """
    module = sys.modules.get(package)
    file = getattr(module, "__file__", None)
    if file is None:  # a folder without __init__.py has none either
        return not hasattr(module, "__path__")
    return any(Path(sysconfig.get_path(place)) in Path(file).parents for place in places)
