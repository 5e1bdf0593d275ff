"""Rules and problems in other processes: pickled as their name and the modules that register it.

What the decorators return stands where a function was, so pickle can't find the function itself. A
name can be found again: its module is imported first, or whatever else brings it (`how_to_bring`).
What no import brings back, a function of a notebook or one made inside another, is an error that
says so; cloudpickle takes such a function as it is.
"""

import importlib
import pickle
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from types import FrameType
from typing import Any
from weakref import WeakSet

import numpy as np

from . import dependencies
from .grammar import InputError

Step = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function and its arguments that bring a module's rules and problems into a process."""

_by_import: "WeakSet[Callable[..., Any]]" = WeakSet()
"""Functions that were registered while their module was imported."""

how_to_bring: dict[str, Step] = {}
"""Of modules that no import statement finds, what brings them: of a plugin file its load."""


def remember(function: Callable[..., Any]) -> None:
    """Note whether the function is registered by the import of its module, and so by any other
    import of it.
    """
    if getattr(function.__globals__.get("__spec__"), "_initializing", False):
        _by_import.add(function)


def is_found_again(function: Callable[..., Any]) -> bool:
    """Whether another process that imports the function's module, or runs its script, registers it
    too.
    """
    if function in _by_import:
        return True
    if "<locals>" in function.__qualname__:
        return False
    # a script is run again where processes are spawned, a notebook is not
    return function.__module__ != "__main__" or hasattr(sys.modules["__main__"], "__file__")


def by_name(functions: Iterable[Callable[..., Any]]) -> bool:
    """Whether what these functions make is pickled as its name: all are found again, and
    cloudpickle needn't take them.
    """
    modules = list(functions)
    return all(map(is_found_again, modules)) and not (
        _takes_values() and "__main__" in (f.__module__ for f in modules)
    )


def found(
    find: Callable[..., Any],
    name: str,
    settings: dict[str, Any],
    functions: Iterable[Callable[..., Any]],
    changed: Mapping[str, Any] | None = None,
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """What a __reduce__ returns for a thing that `find` finds by name once the functions' modules
    are there.

    changed : fields in which it differs from the one that is found, with their values.
    """
    modules = dict.fromkeys(function.__module__ for function in functions)
    steps = [how_to_bring.get(module, (importlib.import_module, (module,))) for module in modules]
    return _find, (find, name, settings, steps, dict(changed or {}))


def differing(one: Any, other: Any) -> dict[str, Any]:
    """The fields of a dataclass's instance that another one has otherwise; functions of the same
    code are the same.
    """
    values = {entry.name: getattr(one, entry.name) for entry in fields(one)}
    return {word: value for word, value in values.items() if not _same(value, getattr(other, word))}


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return (
            type(one) is type(other)
            and one.dtype == other.dtype
            and np.array_equal(one, other, equal_nan=True)
        )
    if is_dataclass(one) and type(one) is type(other):
        return not differing(one, other)
    functions: list[Any] = [getattr(value, "py_func", value) for value in (one, other)]
    if all(hasattr(function, "__code__") for function in functions):
        made_of = [dependencies.of(function) for function in functions]
        # what has no digest is another object each time that a maker is called
        unread = functions[0].__code__ is functions[1].__code__ and all(
            found.unknown for found in made_of
        )
        return unread or made_of[0].digest == made_of[1].digest
    return one == other


def by_fields(made: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """What a __reduce__ returns for a dataclass's instance that is made anew of its fields."""
    return _of_fields, (
        type(made),
        {entry.name: getattr(made, entry.name) for entry in fields(made)},
    )


def by_value(kind: str, name: str) -> None:
    """Raise PicklingError unless the pickler at work takes functions as they are."""
    if not _takes_values():
        raise pickle.PicklingError(
            f"{kind} {name!r} can't be found by another process: it was made in a notebook or"
            " inside a function; define it at the top of a module or plugin file, or pickle it"
            " with cloudpickle"
        )


def _find(
    find: Callable[..., Any],
    name: str,
    settings: dict[str, Any],
    needed: list[Step],
    changed: dict[str, Any],
) -> object:
    try:
        for bring, arguments in needed:
            bring(*arguments)
        made = find(name, **settings)
        return replace(made, **changed) if changed else made
    except (InputError, ImportError) as error:
        raise pickle.UnpicklingError(f"{name!r} can't be found in this process: {error}") from error


def _of_fields(kind: Callable[..., Any], values: dict[str, Any]) -> object:
    return kind(**values)


def _takes_values() -> bool:
    """Whether cloudpickle pickles, or the copy of it that another library has: it calls __reduce__
    as pickle does.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and "cloudpickle" not in frame.f_globals.get("__name__", ""):
        frame = frame.f_back
    return frame is not None
