"""The one place for Numba's flags, and the ways a function is compiled: helper, inlined formula, cached kernel."""

import importlib.util
import os
import sys
import threading
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import numba
from numba.extending import overload

from . import cache

FLAGS: dict[str, Any] = {
    # x / 0 is inf as in NumPy and IEEE 754; Python's check would put a branch into every division
    "error_model": "numpy",
    # reciprocals of loop invariants (1 - beta1**t), fused multiply-add, and no signed zeros: what vectorised division
    # needs. Never nnan or ninf: divergence must be seen. Never reassoc: sums keep their order in every block.
    "fastmath": {"arcp", "contract", "nsz"},
    # blocks run in threads
    "nogil": True,
}


_njit: Any = numba.njit  # its types don't know the two options about wrappers, which spare helpers half a compilation
_lock = threading.RLock()


def compiled_once(factory: Callable) -> Callable:
    """Keep what `factory` compiles for its arguments; threads that ask for the same kernel wait for one compilation."""
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

    LLVM's own judgement leaves a call to a formula of 50 operations in the inner loop, which then runs lane by lane:
    15 ns for a softplus instead of 2.
    """
    return _njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, **FLAGS)(function)


def by_storage(double: Callable, single: Callable) -> Callable[[Callable], Callable[..., Any]]:
    """A formula of one operand that is `double` for float64 operands and `single` for float32 ones, inlined."""

    def declared(formula: Callable) -> Callable[..., Any]:
        def choose(x):
            # two functions and not one with a chosen name in it: Numba caches what the closure holds
            if x == numba.float32:
                return lambda x: single(x)
            return lambda x: double(x)

        flags: Any = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, **FLAGS}
        overload(formula, jit_options=flags)(choose)
        return formula

    return declared


def kernel(function: Callable, signature, folder: Path | None) -> Callable:
    """Compile `function` for one explicit signature, or load it from `folder`; without a folder nothing is kept.

    Numba picks a cache's place when a function is decorated, so its global setting is changed around the decoration
    only: the host program's Numba is left alone.
    """
    if folder is None:
        return numba.njit(signature, **FLAGS)(function)
    host_setting = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        return numba.njit(signature, cache=True, **FLAGS)(function)
    finally:
        numba.config.CACHE_DIR = host_setting  # type: ignore[attr-defined]


def builtin_kernel(function: Callable, signature) -> Callable:
    """A kernel of optbench's own, kept under the digest of all of kernels/ and problems/."""
    return kernel(function, signature, cache.directory(cache.builtin_digest()))


def wrapped_kernel(source: str, helpers: Mapping[str, Callable], name: str, signature, key: str | None) -> Callable:
    """Compile the generated function `kernel` in `source`, which calls `helpers`, kept under the digest `key`.

    The source gets a file of its own, since Numba can't cache a function without one, and its module is known to
    `sys.modules` before it is executed: a warm load looks it up there. `key=None` compiles without a cache.
    """
    if key is None:
        print(
            f"optbench: the source of {name!r}, or a global it names, can't be read; it is compiled anew in each process",
            file=sys.stderr,
        )
    folder = cache.directory(key) if key else None
    if folder is None:
        namespace: dict = dict(helpers)
        exec(compile(source, f"<optbench {name}>", "exec"), namespace)
        return kernel(namespace["kernel"], signature, None)
    module_name = f"_optbench_{name}_{cache.digest(source.encode(), str(key).encode())}"
    path = folder / f"{module_name}.py"
    _write_once(path, source)
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__.update(helpers)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    return kernel(module.kernel, signature, folder)


def _write_once(path: Path, source: str) -> None:
    # Numba takes a changed modification time for a changed file: an existing one is left as it is
    if path.exists() and path.read_text() == source:
        return
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    aside.write_text(source)
    os.replace(aside, path)
