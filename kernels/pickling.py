"""Rules and problems in other processes: pickled as their name and the modules that register it.

What the decorators return stands where a function was, so pickle can't find the function itself. A name can be found
again: its module is imported first, or whatever else brings it (`how_to_bring`). What no import brings back, a function of a
notebook or one made inside another, is an error that says so; cloudpickle takes such a function as it is.
"""

import importlib
import pickle
import sys
from collections.abc import Callable, Iterable
from types import FrameType
from weakref import WeakSet

from .grammar import InputError

Step = tuple[Callable, tuple]
"""A function and its arguments that bring a module's rules and problems into a process."""

_by_import: "WeakSet[Callable]" = WeakSet()
"""Functions that were registered while their module was imported."""

how_to_bring: dict[str, Step] = {}
"""Of modules that no import statement finds, what brings them: of a plugin file its load."""


def remember(function: Callable) -> None:
    """Note whether the function is registered by the import of its module, and so by any other import of it."""
    if getattr(function.__globals__.get("__spec__"), "_initializing", False):
        _by_import.add(function)


def is_found_again(function: Callable) -> bool:
    """Whether another process that imports the function's module, or runs its script, registers it too."""
    if function in _by_import:
        return True
    if "<locals>" in function.__qualname__:
        return False
    # a script is run again where processes are spawned, a notebook is not
    return function.__module__ != "__main__" or hasattr(sys.modules["__main__"], "__file__")


def by_name(functions: Iterable[Callable]) -> bool:
    """Whether what these functions make is pickled as its name: all are found again, and cloudpickle needn't take them."""
    modules = list(functions)
    return all(map(is_found_again, modules)) and not (_takes_values() and "__main__" in (f.__module__ for f in modules))


def found(find: Callable, name: str, settings: dict, functions: Iterable[Callable]) -> tuple[Callable, tuple]:
    """What a __reduce__ returns for a thing that `find` finds by name once the functions' modules are there."""
    modules = dict.fromkeys(function.__module__ for function in functions)
    return _find, (find, name, settings, [how_to_bring.get(module, (importlib.import_module, (module,))) for module in modules])


def by_value(kind: str, name: str) -> None:
    """Raise PicklingError unless the pickler at work takes functions as they are."""
    if not _takes_values():
        raise pickle.PicklingError(
            f"{kind} {name!r} can't be found by another process: it was made in a notebook or inside a function; define it at "
            "the top of a module or plugin file, or pickle it with cloudpickle"
        )


def _find(find: Callable, name: str, settings: dict, needed: list[Step]) -> object:
    try:
        for bring, arguments in needed:
            bring(*arguments)
        return find(name, **settings)
    except (InputError, ImportError) as error:
        raise pickle.UnpicklingError(f"{name!r} can't be found in this process: {error}") from error


def _takes_values() -> bool:
    """Whether cloudpickle pickles, or the copy of it that another library has: it calls __reduce__ as pickle does."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and "cloudpickle" not in frame.f_globals.get("__name__", ""):
        frame = frame.f_back
    return frame is not None
