"""A name that is registered again: by an edited cell or a file loaded anew, which is meant, or
twice in one go, which isn't.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from . import dependencies


def mistaken(before: Callable[..., Any], now: Callable[..., Any]) -> str | None:
    """Why `now` mustn't take the place of `before`, a function of the same name and module; None
    where it may.

    In a session the newest counts: a cell was run again, or a factory called with another value.
    While a file is loaded, two `def` of one name are both there, and so are two rules of one `def`
    that a factory makes with different values.
    """
    code, other = before.__code__, now.__code__
    loading = getattr(now.__globals__.get("__spec__"), "_initializing", False)
    if not loading or before.__globals__ is not now.__globals__:
        return None
    where = f"{Path(other.co_filename).name}, line"
    if code is other and (_other_defaults(before, now) or _other_closure(before, now)):
        return (
            f"{where} {other.co_firstlineno} makes it twice with other values; set __name__ before"
            " it is registered"
        )
    if code.co_firstlineno != other.co_firstlineno:
        return (
            f"{where} {code.co_firstlineno} and line {other.co_firstlineno}; give each a name of"
            " its own"
        )
    return None


def _other_defaults(before: Callable[..., Any], now: Callable[..., Any]) -> bool:
    own, others = (
        (*(f.__defaults__ or ()), *(f.__kwdefaults__ or {}).values()) for f in (before, now)
    )
    return not all(map(np.array_equal, own, others))


def _other_closure(before: Callable[..., Any], now: Callable[..., Any]) -> bool:
    return _has_values(now) and dependencies.of(before).digest != dependencies.of(now).digest


def _has_values(function: Callable[..., Any]) -> bool:
    """Whether all names of the outside have a value yet; one that the factory binds later can't be
    compared.
    """
    try:
        for cell in function.__closure__ or ():
            cell.cell_contents  # noqa: B018 - raises where it is empty
    except ValueError:
        return False
    return True
