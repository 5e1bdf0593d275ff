"""A digest of what a function was made of, so that stale kernels and stale runs are never used."""

import uuid
from collections.abc import Callable
from typing import Any

from numba.core.dispatcher import Dispatcher

from . import dependencies
from .cache import builtin_digest
from .digests import digest
from .known_modules import is_builtin
from .module_sources import module_digest


def jit_key(function: Callable[..., Any]) -> str | None:
    """The digest under which a kernel made of `function` is kept; None where something it was made
    of has none.

    Built-ins share one; a plugin's is that digest and its own: its code, and all that the compiler
    reads through it.
    """
    if is_builtin(function.__module__):
        return builtin_digest()
    own = dependencies.of(function)
    # a kept kernel looks its module up by name
    place = f"{function.__module__} {function.__qualname__}"
    return (
        None
        if own.unknown
        else digest(builtin_digest().encode(), own.digest.encode(), place.encode())
    )


def identity(function: Callable[..., Any]) -> str:
    """The digest of the code that decides a run of `function`, as it is now, and all of optbench
    that it uses.

    Where something it was made of has no digest, another one each time: such a run is never found
    again.
    """
    if is_builtin(function.__module__):
        return module_digest(function.__module__)
    own = dependencies.of(function)
    if own.unknown:
        return uuid.uuid4().hex[:16]
    ours = [
        module_digest(f"optbench.{module}") for module in ("kernels.registry", "problems.registry")
    ]
    return digest(own.digest, function.__qualname__, *ours)


def state(function: Callable[..., Any]) -> str:
    """What tells, in this process, whether a kernel made of `function` is still up to date: a cell
    may have been run again.
    """
    return "" if is_builtin(function.__module__) else dependencies.of(function).digest


def maker_state(maker: Callable[..., Any]) -> str | None:
    """The same of a function that Python runs and no kernel is made of; None where it can't be
    known.
    """
    if is_builtin(maker.__module__):
        return ""
    own = dependencies.of(maker, installed=True)
    return None if own.unknown else own.digest


def unknown(function: Callable[..., Any]) -> tuple[str, ...]:
    """What `function` was made of and has no digest, as texts: "table of type DataFrame"."""
    return () if is_builtin(function.__module__) else dependencies.of(function).unknown


def callees(function: Callable[..., Any]) -> tuple[tuple[Dispatcher, str], ...]:
    """The compiled helpers of others that `function` calls, with their digests, callees before
    callers.
    """
    return () if is_builtin(function.__module__) else dependencies.of(function).dispatchers
