"""The one place for Numba's flags, and the ways a function is compiled: helper, inlined formula,
cached kernel.
"""

import linecache
import sys
import threading
import types
import uuid
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import Any

import numba
from numba.core import typeinfer
from numba.core.caching import NullCache
from numba.core.dispatcher import Dispatcher
from numba.extending import overload

from . import cache, dependencies, sources
from .digests import digest
from .stored import StoredKernel

FLAGS: dict[str, Any] = {
    # x / 0 is inf as in NumPy and IEEE 754; Python's check would put a branch into every division
    "error_model": "numpy",
    # reciprocals of loop invariants (1 - beta1**t), fused multiply-add, and no signed zeros: what
    # vectorised division needs. Never nnan or ninf: divergence must be seen. Never reassoc: sums
    # keep their order in every block.
    "fastmath": {"arcp", "contract", "nsz"},
    # blocks run in threads
    "nogil": True,
}


_njit: Any = (
    numba.njit
)  # its types don't know the two options about wrappers, which spare helpers half a compilation
_lock = threading.RLock()


def compiled_once(factory: Callable) -> Callable:
    """Keep what `factory` compiles for its arguments; threads that ask for the same kernel wait for
    one compilation.
    """
    kept: dict[tuple, Callable] = {}

    @wraps(factory)
    def get(*arguments):
        if arguments not in kept:
            with _lock:
                if arguments not in kept:
                    kept[arguments] = factory(*arguments)
        return kept[arguments]

    return get


def jit(function: Callable) -> Callable:
    """Compile a helper of several loops, called from kernels and cached as part of them."""
    return _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **FLAGS)(function)


def inline(function: Callable) -> Callable:
    """Compile a scalar formula, inlined wherever it is called.

    LLVM's own judgement leaves a call to a formula of 50 operations in the inner loop, which then
    runs lane by lane: 15 ns for a softplus instead of 2.
    """
    return _njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, **FLAGS)(
        function
    )


def joined(function: Callable) -> Callable:
    """A part of one kernel, put into its caller before compilation, whose flags it then has.

    What `jit` compiles is optimised by LLVM on its own and again where it is called. For a long
    function with one caller the first time is for nothing.
    """
    return _njit(inline="always")(function)


def by_storage(double: Callable, single: Callable) -> Callable[[Callable], Callable[..., Any]]:
    """A formula of one operand that is `double` for float64 operands and `single` for float32 ones,
    inlined.
    """

    def declared(formula: Callable) -> Callable[..., Any]:
        def choose(x):
            # two functions and not one with a chosen name in it: Numba caches what the closure
            # holds
            if x == numba.float32:
                return lambda x: single(x)
            return lambda x: double(x)

        flags: Any = {
            "forceinline": True,
            "no_cpython_wrapper": True,
            "no_cfunc_wrapper": True,
            **FLAGS,
        }
        overload(formula, jit_options=flags)(choose)
        return formula

    return declared


def kernel(function: Callable, signature, key: str | None, label: str = "") -> Callable:
    """Compile `function` for one explicit signature, or load what is kept of it under the digest
    `key`; None keeps nothing.

    label : the author's name for it, for a line that says why it can't be kept.
    """
    made: Any = numba.njit(**FLAGS)(function)
    if made is function:  # NUMBA_DISABLE_JIT
        return made
    if key is not None:
        # a built-in's digest is of its module's text, which leaves open what a closure holds
        held = dependencies.of(function).digest if function.__closure__ else ""
        made._cache = StoredKernel(
            key, f"{held} {function.__module__} {signature} {function.__qualname__}", label
        )
    with typeinfer.register_dispatcher(made):  # as numba.njit(signature) does
        made.compile(signature)
    made.disable_compile()
    return made


def builtin_kernel(function: Callable, signature) -> Callable:
    """A kernel of optbench's own, kept under the digest of all of kernels/ and problems/."""
    return kernel(function, signature, cache.builtin_digest())


def wrapped_kernel(
    source: str,
    helpers: Mapping[str, Callable],
    name: str,
    signature,
    functions: Sequence[Callable],
    label: str = "",
) -> Callable:
    """Compile the generated function `kernel` in `source`, which calls `helpers`, made of the
    authors' `functions`.

    label : what messages call it, if not `name`.

    It is kept under their digests. The module that it is in is known to `sys.modules`: what loads a
    kept kernel looks there.
    """
    key = _key(name, functions)
    module_name = f"_optbench_{name}_{digest(source, key or uuid.uuid4().hex)}"
    file = f"{module_name}.py"
    module = types.ModuleType(module_name)
    module.__dict__.update(helpers)
    sys.modules[module_name] = module
    linecache.cache[file] = (
        len(source),
        None,
        source.splitlines(keepends=True),
        file,
    )  # for the lines of a traceback
    exec(compile(source, file, "exec"), module.__dict__)
    with fresh_callees(functions):
        return kernel(module.kernel, signature, key, label or name)


def _key(name: str, functions: Sequence[Callable]) -> str | None:
    """The digest of all functions; None, and a line on stderr, where one was made of what has
    none.
    """
    unknown = dict.fromkeys(words for function in functions for words in sources.unknown(function))
    if unknown:
        say_without_digest(name, ", ".join(unknown))
        return None
    keys = sorted({str(sources.jit_key(function)) for function in functions})
    return keys[0] if len(keys) == 1 else digest(*keys)


@lru_cache
def say_without_digest(name: str, unknown: str) -> None:
    """Say once on stderr that what is made of `name` is not kept."""
    print(
        f"optbench: {name!r} uses {unknown}; an edit there can't be noticed, so it is compiled anew"
        " in each process",
        file=sys.stderr,
    )


_compiled_as: "weakref.WeakKeyDictionary[Dispatcher, str]" = weakref.WeakKeyDictionary()
"""The digest with which each author's compiled helper was last part of a kernel."""


@contextmanager
def fresh_callees(functions: Sequence[Callable]) -> Iterator[None]:
    """Let the authors' compiled helpers be what their code says now, and keep Numba's own cache out
    of it.

    A helper compiled before goes on calling what its own callees were then; one with cache=True may
    come from a file that knows nothing of an edit in another.
    """
    callees: dict[Any, str] = dict(
        pair for function in functions for pair in sources.callees(function)
    )
    kept = {dispatcher: dispatcher._cache for dispatcher in callees}
    try:
        for dispatcher, code in callees.items():
            dispatcher._cache = NullCache()
            if dispatcher.overloads and _compiled_as.get(dispatcher) != code:
                dispatcher.recompile()
            _compiled_as[dispatcher] = code
        yield
    finally:
        for dispatcher, own in kept.items():
            dispatcher._cache = own
