"""What others have taught Numba: their implementations of functions, attributes and methods
(`numba.extending.overload`).
"""

from collections.abc import Callable, Iterator
from functools import cache

from numba.core.typing.templates import builtin_registry

Known = Callable[[str | None], bool]
"""Whether a module's code is known otherwise, by its package's version or source."""


def of_functions(known: Known) -> dict[int, list[Callable]]:
    """The implementations registered for functions, by the identity of these, but those of modules
    that are `known`.
    """
    return _among(len(builtin_registry.globals), known)


def of_attributes(names: frozenset[str], known: Known) -> Iterator[Callable]:
    """The implementations of attributes and methods of these names, whatever the type that has
    them.
    """
    for template in builtin_registry.attributes:
        if getattr(template, "_attr", None) in names:
            yield from _foreign(template, known)


@cache
def _among(count: int, known: Known) -> dict[int, list[Callable]]:
    found: dict[int, list[Callable]] = {}
    for function, kind in builtin_registry.globals[:count]:
        for template in getattr(kind, "templates", ()):
            for implementation in _foreign(template, known):
                found.setdefault(id(function), []).append(implementation)
    return found


def _foreign(template: object, known: Known) -> Iterator[Callable]:
    found = getattr(template, "_overload_func", None)
    if found is not None and not known(found.__module__):
        yield found
