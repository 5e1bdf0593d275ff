"""What a function was made of, as a digest: so that edited code is never answered by what older code left behind."""

import ast
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path

from numba.core.dispatcher import Dispatcher

from . import dependencies
from .cache import ROOT, SOURCES, builtin_digest, file_digest
from .dependencies import is_builtin
from .digests import digest


def jit_key(function: Callable) -> str | None:
    """The digest under which a kernel made of `function` is kept; None where something it was made of has none.

    Built-ins share one; a plugin's is that digest and its own: its code, and all that the compiler reads through it.
    """
    if is_builtin(function.__module__):
        return builtin_digest()
    own = dependencies.of(function)
    # a kept kernel looks its module up by name
    place = f"{function.__module__} {function.__qualname__}"
    return None if own.unknown else digest(builtin_digest().encode(), own.digest.encode(), place.encode())


def identity(function: Callable) -> str:
    """The digest of the code that decides a run of `function`, as it is now, and all of optbench that it uses.

    Where something it was made of has no digest, another one each time: such a run is never found again.
    """
    if is_builtin(function.__module__):
        return module_digest(function.__module__)
    own = dependencies.of(function)
    if own.unknown:
        return uuid.uuid4().hex[:16]
    ours = [module_digest(f"optbench.{module}") for module in ("kernels.registry", "problems.registry")]
    return digest(own.digest, function.__qualname__, *ours)


def state(function: Callable) -> str:
    """What tells, in this process, whether a kernel made of `function` is still up to date: a cell may have been run again."""
    return "" if is_builtin(function.__module__) else dependencies.of(function).digest


def maker_state(maker: Callable) -> str | None:
    """The same of a function that Python runs and no kernel is made of; None where it can't be known."""
    if is_builtin(maker.__module__):
        return ""
    own = dependencies.of(maker, installed=True)
    return None if own.unknown else own.digest


def unknown(function: Callable) -> tuple[str, ...]:
    """What `function` was made of and has no digest, in words: "table of type DataFrame"."""
    return () if is_builtin(function.__module__) else dependencies.of(function).unknown


def callees(function: Callable) -> tuple[tuple[Dispatcher, str], ...]:
    """The compiled helpers of others that `function` calls, with their digests, callees before callers."""
    return () if is_builtin(function.__module__) else dependencies.of(function).dispatchers


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
