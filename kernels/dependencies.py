"""What the compiler reads of a function, as a digest: its code, and the values of all that the code
names.

Numba freezes globals, attributes of modules and the code of the functions that are called. So the
digest is of the objects themselves: code objects with those nested in them, and every global,
closure cell and attribute that they load, followed from helper to helper. Names alone would miss
`lib.GAIN`, files alone what a notebook's cell has bound anew.
"""

import enum
import inspect
import itertools
import sys
import types
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher

from . import bytecode, known_modules, overloads
from .digests import digest
from .known_modules import home, is_builtin, versioned
from .module_sources import module_digest

LARGEST = 2000
"""Values that a function may reach; beyond, its code is a library that calls itself everywhere."""
PLAIN = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    type(None),
    type(...),
    range,
    slice,
    np.dtype,
    numba.types.Type,
)
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, np.ufunc, type(np.sort))
"""The last is NumPy's own kind."""
DESCRIPTORS = (
    types.MemberDescriptorType,
    types.GetSetDescriptorType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    type(vars(namedtuple("_Pair", "left"))["left"]),
)
CLASS_MACHINERY = {
    "__dict__",
    "__weakref__",
    "__doc__",
    "__module__",
    "__annotations__",
    "__firstlineno__",
}
MISSING = object()
_seen: dict[int, tuple[object, int]] = {}
"""Objects without a digest, by identity, with a number each."""
_numbers = itertools.count()


class Dependencies(NamedTuple):
    """What one function was made of.

    digest : 16 hexadecimal digits; what has no digest counts by its identity in this process.
    unknown : what has none, as texts such as "table of type DataFrame"; empty where the digest
    says all.
    dispatchers : compiled functions of others that it calls, with their digests, callees before
    callers.
    """

    digest: str
    unknown: tuple[str, ...]
    dispatchers: tuple[tuple[Dispatcher, str], ...]


def of(function: Callable, installed: bool = False) -> Dependencies:
    """The dependencies of a function as they are at this moment; its own defaults, which are given
    in a call, aside.

    installed : installed packages count by name alone, as befits a function that Python runs and no
    kernel is made of.
    """
    reader = _Reader(installed)
    found = reader.function(function, defaults=False)
    return Dependencies(
        found, tuple(dict.fromkeys(reader.unknown)), tuple(reader.dispatchers.items())
    )


class _Reader:
    """One walk: digests of values by identity, so that what is reached twice is read once and
    circles end.
    """

    def __init__(self, installed: bool):
        self.unknown: list[str] = []
        self._installed = installed
        self.dispatchers: dict[Dispatcher, str] = {}
        self._known: dict[tuple[int, frozenset], str] = {}
        self._alive: list[object] = []  # an identity belongs to an object as long as that lives

    def _by_name(self, module: str | None) -> bool:
        return versioned(module) or (self._installed and known_modules.installed(module))

    def function(self, function: Any, defaults: bool = True) -> str:
        """A Python function: its code, defaults, closure, and the values that the code names."""
        code, space = function.__code__, function.__globals__
        parts = [bytecode.of(code)]
        if defaults:
            parts += [
                self.value("default", function.__defaults__),
                self.value("default", function.__kwdefaults__),
            ]
        cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
        loaded = bytecode.loaded(code)
        parts += [
            self.value(name, _contents(cell), loaded.attributes)
            for name, cell in sorted(cells.items())
        ]
        for name in sorted(loaded.names):
            if name in space:
                parts += [name, self.value(name, space[name], loaded.of_module(name))]
        for name in sorted(loaded.imports):
            parts += [name, self.value(name, sys.modules.get(name), loaded.attributes)]
        for taught in overloads.of_attributes(loaded.attributes, versioned):
            parts.append(self.value("overload", taught))
        return digest(*parts)

    def value(self, name: str, value: Any, attributes: frozenset[str] = frozenset()) -> str:
        """Any value that code names; attributes : what that code may load from it, if it is a
        module.
        """
        key = id(value), attributes if isinstance(value, types.ModuleType) else frozenset()
        if key not in self._known:
            if len(self._known) > LARGEST:
                return self._without_digest(
                    f"{name} and what it leads to, more than {LARGEST} values", object()
                )
            self._alive.append(value)
            self._known[key] = f"circle {len(self._known)}"
            self._known[key] = self._read(name, value, attributes)
        return self._known[key]

    def _read(self, name: str, value: Any, attributes: frozenset[str]) -> str:
        kind = type(value)
        if isinstance(value, enum.Enum):
            return digest(kind.__qualname__, value.name, self.value(name, value.value))
        if isinstance(value, PLAIN) or _flat(value):
            return digest(kind.__qualname__, repr(value))
        if isinstance(value, (tuple, list)):
            fields = getattr(value, "_fields", ())
            return digest(
                kind.__qualname__, repr(fields), *(self.value(name, entry) for entry in value)
            )
        if isinstance(value, (set, frozenset)):
            return digest(kind.__qualname__, *sorted(self.value(name, entry) for entry in value))
        if isinstance(value, (dict, types.MappingProxyType)):
            pairs = [self.value(name, part) for pair in value.items() for part in pair]
            return digest(kind.__qualname__, *pairs)
        if isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
            return digest(
                str(value.dtype.descr), str(value.shape), np.ascontiguousarray(value).tobytes()
            )
        if isinstance(value, types.ModuleType):
            return self._module(value, attributes)
        if inspect.isclass(value):
            return self._class(name, value)
        return self._callable(name, value)

    def _module(self, module: types.ModuleType, attributes: Iterable[str]) -> str:
        if is_builtin(module.__name__):
            return _builtin_source(module.__name__)
        found = {word: _attribute(module, word) for word in sorted(attributes)}
        loaded = {word: value for word, value in found.items() if value is not MISSING}
        if self._by_name(module.__name__):
            # known, but for what others have taught Numba of it
            known = overloads.of_functions(versioned)
            taught = {
                w: v for w, v in loaded.items() if isinstance(v, types.ModuleType) or id(v) in known
            }
            loaded = taught if known else {}
        return digest(
            module.__name__,
            *(self.value(word, value, frozenset(attributes)) for word, value in loaded.items()),
        )

    def _class(self, name: str, value: type) -> str:
        if self._by_name(value.__module__):
            return digest(value.__module__, value.__qualname__)
        parts = [self.value(name, ancestor) for ancestor in value.__bases__]
        own = dict(value.__members__) if issubclass(value, enum.Enum) else vars(value)
        for word, attribute in sorted(own.items()):
            if word not in CLASS_MACHINERY and not word.startswith("__dataclass_"):
                parts += [word, self.value(f"{name}.{word}", attribute)]
        return digest(value.__qualname__, *parts)

    def _callable(self, name: str, value: Any) -> str:
        if isinstance(value, Dispatcher):
            return self._dispatcher(value)
        place = home(value)
        if isinstance(value, FUNCTIONS) and self._by_name(place):
            return digest(
                _builtin_source(place),
                getattr(value, "__qualname__", value.__name__),
                *self._overloads(value),
            )
        if isinstance(value, types.FunctionType):
            return digest(self.function(value), *self._overloads(value))
        if isinstance(value, (staticmethod, classmethod, types.MethodType)):
            return digest(
                self.value(name, value.__func__), self.value(name, getattr(value, "__self__", None))
            )
        if isinstance(value, property):
            return self.value(name, value.fget)
        if isinstance(value, DESCRIPTORS):
            return digest(type(value).__qualname__, getattr(value, "__qualname__", name))
        inner = _numba_function(value)
        if inner is not None:
            return self.value(name, inner)
        return self._without_digest(f"{name} of type {type(value).__name__}", value)

    def _dispatcher(self, dispatcher: Any) -> str:
        function = dispatcher.py_func
        options = [
            self.value("option", {**dispatcher.targetoptions}),
            self.value("option", {**dispatcher.locals}),
        ]
        if self._by_name(home(function)):
            return digest(_builtin_source(home(function)), function.__qualname__)
        fixed = (
            []
            if dispatcher._can_compile
            else [str(signature) for signature in dispatcher.nopython_signatures]
        )
        found = digest(self.function(function), *options, *fixed)
        self.dispatchers[dispatcher] = found
        return found

    def _overloads(self, value: object) -> Iterator[str]:
        """What others have registered for Numba to compile in the place of `value`."""
        for taught in overloads.of_functions(versioned).get(id(value), []):
            yield self.value("overload", taught)

    def _without_digest(self, what: str, value: object = None) -> str:
        self.unknown.append(what)
        # kept alive: another object at the same place would be taken for it
        return digest(what, str(_seen.setdefault(id(value), (value, next(_numbers)))[1]))


def _flat(value: object) -> bool:
    """Whether it is a tuple or list of plain values alone: one value, however long."""
    return type(value) in (tuple, list) and all(type(entry) in PLAIN[:7] for entry in value)  # type: ignore[attr-defined]


def _attribute(module: types.ModuleType, word: str) -> object:
    """An attribute, MISSING where there is none: a module may load it lazily, and fail."""
    try:
        return getattr(module, word, MISSING)
    except Exception:
        return MISSING


def _contents(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not bound yet
        return None


@cache
def _builtin_source(module: str) -> str:
    """What stands for a module whose code is known: our own by the source of it and of all that it
    imports, others by name.
    """
    return module_digest(module) if is_builtin(module) else module


def _numba_function(value: Any) -> Any:
    """The Python function or dispatcher inside one of Numba's own objects; None for any other
    object.
    """
    if versioned(type(value).__module__):
        for word in ("py_func", "_dispatcher", "_defn", "_pyfunc", "__wrapped__"):
            inner = getattr(value, word, None)
            if isinstance(inner, (types.FunctionType, Dispatcher)):
                return inner
    return None
