"""What a function was made of, as a digest: so that edited code is never answered by what older code left behind."""

import ast
import contextlib
import inspect
import sys
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path

from .cache import ROOT, SOURCES, builtin_digest, digest, file_digest


def jit_key(function: Callable) -> str | None:
    """The digest under which a kernel made of `function` is kept; None where its source can't be read.

    Built-ins share one; a plugin's is that digest and its own: all modules of its package, or its file, and the
    values of the globals that the function names, since Numba compiles those in as constants.
    """
    if _is_builtin(function):
        return builtin_digest()
    own = _plugin_digest(function)
    # the module's name too: a kept kernel looks its module up by it; and the place in it, since functions of one name may
    # stand inside others of one file
    place = f"{function.__module__} {function.__qualname__} {function.__code__.co_firstlineno}"
    return own and digest(builtin_digest().encode(), own.encode(), place.encode())


@cache
def identity(function: Callable) -> str:
    """The digest of the code that decides a run of `function`: its module and all of optbench that it imports."""
    if _is_builtin(function):
        return module_digest(function.__module__)
    own = _plugin_digest(function)
    ours = [module_digest(f"optbench.{module}") for module in ("kernels.registry", "problems.registry")]
    # code that can't be read is taken for new: its stored runs are never found again
    # its name too: a file may hold several formulas
    return digest(own.encode(), function.__qualname__.encode(), *map(str.encode, ours)) if own else uuid.uuid4().hex[:16]


def remember(function: Callable) -> None:
    """Read the files of a plugin's function now: an edit made while the process runs belongs to the next one."""
    with contextlib.suppress(OSError, TypeError):
        for file in [] if _is_builtin(function) else _plugin_files(function):
            SOURCES.setdefault(file, file.read_bytes())


@cache
def module_digest(module: str) -> str:
    """Digest of an optbench module and of every optbench module it imports, directly or not."""
    found: dict[Path, None] = {}
    waiting = [_file(module)]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found[file] = None
            waiting.extend(_imports(file))
    return file_digest(sorted(found))


def _is_builtin(function: Callable) -> bool:
    return function.__module__.split(".")[:2] in (["optbench", "kernels"], ["optbench", "problems"])


def _file(module: str) -> Path:
    return ROOT.joinpath(*module.split(".")[1:]).with_suffix(".py")


@cache
def _imports(file: Path) -> list[Path]:
    """The optbench files that `file` imports by relative import (the only kind inside the package)."""
    found = []
    # imports inside functions are of what only some callers need (presets, walks), never of a run's arithmetic
    for node in ast.parse(SOURCES[file]).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            candidates = [folder.with_suffix(".py"), *(folder / f"{alias.name}.py" for alias in node.names)]
            found.extend(candidate for candidate in candidates if candidate in SOURCES and candidate != file)
    return found


def _plugin_digest(function: Callable) -> str | None:
    try:
        constants = [f"{name}={_constant(value)}" for name, value in sorted(_globals(function).items())]
        files = _plugin_files(function)
        text = file_digest(files) if files else inspect.getsource(function)
    except (OSError, TypeError):
        return None
    return digest(text.encode(), *(entry.encode() for entry in constants))


def _plugin_files(function: Callable) -> list[Path]:
    """All modules of a plugin's package, or its file; none for a function typed into a session."""
    package, inside, _ = function.__module__.partition(".")
    if inside and getattr(sys.modules.get(package), "__path__", None):
        root = Path(next(iter(sys.modules[package].__path__)))
        return sorted(file for file in root.rglob("*.py") if "site-packages" not in file.relative_to(root).parts)
    file = Path(inspect.getsourcefile(function) or "")
    return [file] if file.is_file() else []


def _globals(function: Callable) -> dict[str, object]:
    closure = inspect.getclosurevars(function)
    return {**closure.globals, **closure.nonlocals}


def _constant(value: object) -> str:
    """A global that a rule names: a number, an array, a module, or a function whose source then counts too."""
    if inspect.ismodule(value):
        return value.__name__
    inner = getattr(value, "py_func", value)
    if inspect.isbuiltin(inner) or type(inner).__name__ == "ufunc":
        return repr(inner)
    if inspect.isfunction(inner):
        if _is_builtin(inner):
            return f"{inner.__qualname__} of {module_digest(inner.__module__)}"
        return inspect.getsource(inner) + "".join(f"{k}={_constant(v)}" for k, v in _globals(inner).items() if v is not value)
    if isinstance(value, (bool, int, float, complex, str, bytes, tuple, type(None))):
        return repr(value)
    if hasattr(value, "tobytes") and hasattr(value, "dtype"):
        return f"{value.dtype}{value.shape}{value.tobytes().hex()}"  # type: ignore[attr-defined]
    raise TypeError(f"{type(value).__name__} has no digest")
