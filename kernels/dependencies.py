"""What the compiler reads of a function, as a digest: its code, and the values of all that the code names.

Numba freezes globals, attributes of modules and the code of the functions that are called. So the digest is of the objects
themselves: code objects with those nested in them, and every global, closure cell and attribute that they load, followed
from helper to helper. Names alone would miss `lib.GAIN`, files alone what a notebook's cell has bound anew.
"""

import dis
import enum
import hashlib
import inspect
import sys
import sysconfig
import types
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import numba
import numpy as np
from numba.core.dispatcher import Dispatcher
from numba.core.typing.templates import builtin_registry

VERSIONED = {"numba", "llvmlite", "numpy", "scipy", "optbench"}
"""Packages whose code is in the digest of all kernels by version or, ours, by source, beside Python's own."""
LARGEST = 2000
"""Values that a function may reach; beyond, its code is a library that calls itself everywhere."""
PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...), range, slice, np.dtype, numba.types.Type)
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, np.ufunc, type(np.sort))
"""The last is NumPy's own kind."""
CLASS_MACHINERY = {"__dict__", "__weakref__", "__doc__", "__module__", "__annotations__", "__firstlineno__"}
MISSING = object()


class Dependencies(NamedTuple):
    """What one function was made of.

    digest : 16 hexadecimal digits; what has no digest counts by its identity in this process.
    unknown : what has none, in words, such as "table of type DataFrame"; empty where the digest says all.
    dispatchers : compiled functions of others that it calls, with their digests, callees before callers.
    """

    digest: str
    unknown: tuple[str, ...]
    dispatchers: tuple[tuple[Dispatcher, str], ...]


def of(function: Callable, installed: bool = False) -> Dependencies:
    """The dependencies of a function as they are at this moment.

    installed : installed packages count by name alone, as befits a function that Python runs and no kernel is made of.
    """
    reader = _Reader(installed)
    found = reader.function(function)
    return Dependencies(found, tuple(dict.fromkeys(reader.unknown)), tuple(reader.dispatchers.items()))


def versioned(module: str | None) -> bool:
    """Whether the module's code is known by its package's version or source."""
    package = (module or "").partition(".")[0]
    # a file beside a plugin may be called as one of the standard library is
    return package in VERSIONED or (package in sys.stdlib_module_names and _stands_in(package, ("stdlib", "platstdlib")))


@cache
def _stands_in(package: str, places: tuple[str, ...]) -> bool:
    """Whether the package is built in or its file is in one of Python's places, as sysconfig names them."""
    file = getattr(sys.modules.get(package), "__file__", None)
    return file is None or any(file.startswith(sysconfig.get_path(place)) for place in places)


class _Reader:
    """One walk: digests of values by identity, so that what is reached twice is read once and circles end."""

    def __init__(self, installed: bool):
        self.unknown: list[str] = []
        self._installed = installed
        self.dispatchers: dict[Dispatcher, str] = {}
        self._known: dict[tuple[int, frozenset], str] = {}
        self._alive: list[object] = []  # an identity belongs to an object as long as that lives

    def _by_name(self, module: str | None) -> bool:
        if versioned(module):
            return True
        package = (module or "").partition(".")[0]
        return self._installed and package in sys.modules and _stands_in(package, ("purelib", "platlib"))

    def function(self, function: Any) -> str:
        """A Python function: its code, defaults, closure, and the values that the code names."""
        code, space = function.__code__, function.__globals__
        parts = [_code(code), self.value("default", function.__defaults__), self.value("default", function.__kwdefaults__)]
        cells = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
        parts += [self.value(name, _contents(cell), _loaded(code).attributes) for name, cell in sorted(cells.items())]
        loaded = _loaded(code)
        for name in loaded.names:
            if name in space:
                parts += [name, self.value(name, space[name], loaded.attributes)]
        for name in loaded.imports:
            parts += [name, self.value(name, sys.modules.get(name), loaded.attributes)]
        for template in _overloads_of_attributes(loaded.attributes):
            parts.append(self.value("overload", template))
        return _digest(parts)

    def value(self, name: str, value: Any, attributes: frozenset[str] = frozenset()) -> str:
        """Any value that code names; attributes : what that code may load from it, if it is a module."""
        key = id(value), attributes if isinstance(value, types.ModuleType) else frozenset()
        if key not in self._known:
            if len(self._known) > LARGEST:
                return self._without_digest(f"{name} and what it leads to, more than {LARGEST} values")
            self._alive.append(value)
            self._known[key] = f"circle {len(self._known)}"
            self._known[key] = self._read(name, value, attributes)
        return self._known[key]

    def _read(self, name: str, value: Any, attributes: frozenset[str]) -> str:
        kind = type(value)
        if isinstance(value, enum.Enum):
            return _digest([kind.__qualname__, value.name, self.value(name, value.value)])
        if isinstance(value, PLAIN):
            return _digest([kind.__qualname__, repr(value)])
        if isinstance(value, (tuple, list)):
            fields = getattr(value, "_fields", ())
            return _digest([kind.__qualname__, repr(fields), *(self.value(name, entry) for entry in value)])
        if isinstance(value, (set, frozenset)):
            return _digest([kind.__qualname__, *sorted(self.value(name, entry) for entry in value)])
        if isinstance(value, (dict, types.MappingProxyType)):
            pairs = [self.value(name, part) for pair in value.items() for part in pair]
            return _digest([kind.__qualname__, *pairs])
        if isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
            return _digest([str(value.dtype.descr), str(value.shape), np.ascontiguousarray(value).tobytes()])
        if isinstance(value, types.ModuleType):
            return self._module(value, attributes)
        if inspect.isclass(value):
            return self._class(name, value)
        return self._callable(name, value)

    def _module(self, module: types.ModuleType, attributes: Iterable[str]) -> str:
        found = {word: getattr(module, word, MISSING) for word in sorted(attributes)}
        loaded = {word: value for word, value in found.items() if value is not MISSING}
        if self._by_name(module.__name__):
            # known, but for what others have taught Numba of it
            taught = {w: v for w, v in loaded.items() if isinstance(v, types.ModuleType) or any(_overloads_of(v))}
            loaded = taught if _overloads() else {}
        return _digest([module.__name__, *(self.value(word, value, frozenset(attributes)) for word, value in loaded.items())])

    def _class(self, name: str, value: type) -> str:
        if self._by_name(value.__module__):
            return _digest([value.__module__, value.__qualname__])
        parts = [self.value(name, ancestor) for ancestor in value.__bases__]
        for word, attribute in sorted(vars(value).items()):
            if word not in CLASS_MACHINERY:
                parts += [word, self.value(f"{name}.{word}", attribute)]
        return _digest([value.__qualname__, *parts])

    def _callable(self, name: str, value: Any) -> str:
        if isinstance(value, Dispatcher):
            return self._dispatcher(value)
        if isinstance(value, FUNCTIONS) and self._by_name(getattr(value, "__module__", None) or "numpy"):
            module = _builtin_source(getattr(value, "__module__", None) or "numpy")
            return _digest([module, getattr(value, "__qualname__", value.__name__), *self._overloads(value)])
        if isinstance(value, types.FunctionType):
            return _digest([self.function(value), *self._overloads(value)])
        if isinstance(value, (staticmethod, classmethod, types.MethodType)):
            return _digest([self.value(name, value.__func__), self.value(name, getattr(value, "__self__", None))])
        if isinstance(value, property):
            return self.value(name, value.fget)
        if isinstance(value, (types.MemberDescriptorType, types.GetSetDescriptorType)):
            return _digest([value.__qualname__])
        inner = _numba_function(value)
        if inner is not None:
            return self.value(name, inner)
        return self._without_digest(f"{name} of type {type(value).__name__}", value)

    def _dispatcher(self, dispatcher: Any) -> str:
        function, options = dispatcher.py_func, sorted(map(repr, dispatcher.targetoptions.items()))
        if self._by_name(function.__module__):
            return _digest([_builtin_source(function.__module__), function.__qualname__])
        fixed = [] if dispatcher._can_compile else [str(signature) for signature in dispatcher.nopython_signatures]
        found = _digest([self.function(function), *options, *fixed])
        self.dispatchers[dispatcher] = found
        return found

    def _overloads(self, value: object) -> Iterator[str]:
        """What others have registered for Numba to compile in the place of `value`."""
        for overload in _overloads_of(value):
            yield self.value("overload", overload)

    def _without_digest(self, words: str, value: object = None) -> str:
        self.unknown.append(words)
        return _digest([words, str(id(value))])


class _Loaded(NamedTuple):
    names: tuple[str, ...]
    attributes: frozenset[str]
    imports: tuple[str, ...]


@cache
def _loaded(code: types.CodeType) -> _Loaded:
    """Globals, attributes and modules that a code object loads, and those nested in it, which have the same globals."""
    names, attributes, imports = set(), set(), set()
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            names.add(instruction.argval)
        elif instruction.opname.startswith(("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM", "LOAD_SUPER_ATTR")):
            attributes.add(instruction.argval)
        elif instruction.opname == "IMPORT_NAME":
            imports.add(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            inner = _loaded(constant)
            names.update(inner.names)
            attributes |= inner.attributes
            imports.update(inner.imports)
    return _Loaded(tuple(sorted(names)), frozenset(attributes), tuple(sorted(imports)))


@cache
def _code(code: types.CodeType) -> str:
    """Digest of a code object: what it does, not where it stands. A docstring is one of its constants."""
    # in 3.11 and later co_code is without what the interpreter has specialised
    shape = (code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount, code.co_flags, code.co_stacksize)
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return _digest([repr((shape, names)), code.co_code, *map(_constant, code.co_consts)])


def _constant(value: object) -> str:
    if isinstance(value, types.CodeType):
        return _code(value)
    if isinstance(value, (tuple, frozenset)):
        entries = map(_constant, value)
        # a frozen set's order differs from process to process
        return f"{type(value).__name__}({', '.join(sorted(entries) if isinstance(value, frozenset) else entries)})"
    return repr(value)


def _contents(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not bound yet
        return None


@cache
def _builtin_source(module: str) -> str:
    """What stands for a module of VERSIONED: our own by the source of it and of all that it imports, others by name."""
    from . import sources

    return sources.module_digest(module) if sources.is_builtin(module) else module


def _numba_function(value: Any) -> Any:
    """The Python function or dispatcher inside one of Numba's own objects; None for any other object."""
    if versioned(type(value).__module__):
        for word in ("py_func", "_dispatcher", "_defn", "_pyfunc", "__wrapped__"):
            inner = getattr(value, word, None)
            if isinstance(inner, (types.FunctionType, Dispatcher)):
                return inner
    return None


def _overloads() -> dict[int, list[Callable]]:
    """What others have registered for functions, by the identity of these."""
    return _overloads_among(len(builtin_registry.globals))


@cache
def _overloads_among(count: int) -> dict[int, list[Callable]]:
    found: dict[int, list[Callable]] = {}
    for known, kind in builtin_registry.globals[:count]:
        for template in getattr(kind, "templates", ()):
            for overload in _foreign(template):
                found.setdefault(id(known), []).append(overload)
    return found


def _overloads_of(value: object) -> list[Callable]:
    return _overloads().get(id(value), [])


def _overloads_of_attributes(attributes: frozenset[str]) -> Iterator[Callable]:
    for template in builtin_registry.attributes:
        if getattr(template, "_attr", None) in attributes:
            yield from _foreign(template)


def _foreign(template: object) -> Iterator[Callable]:
    """The overload behind a template, where it isn't Numba's, SciPy's or ours."""
    found = getattr(template, "_overload_func", None)
    if found is not None and not versioned(found.__module__):
        yield found


def _digest(parts: Iterable[str | bytes]) -> str:
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "little"))
        sha.update(data)
    return sha.hexdigest()[:16]
