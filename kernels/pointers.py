"""A compiled kernel as two addresses, and back: what a call from Python passes fastest.

Numba looks up the addresses of a first-class function at every call from Python (issue 2952 of its
tracker): 40 to 80 µs a kernel. Numbers are looked up once and cost nothing.
"""

from collections.abc import Callable
from typing import Any

import numba.core.types
from numba.core import cgutils
from numba.core.dispatcher import Dispatcher
from numba.core.types import int64
from numba.extending import intrinsic

from .signatures import gradient_function, update_function


def addresses(kernel: Callable) -> tuple[int, int]:
    """The addresses of a compiled kernel of one signature: of its C entry, and of the function that
    compiled code calls. They hold as long as the kernel is alive.
    """
    assert isinstance(kernel, Dispatcher)
    (compiled,) = kernel.overloads.values()
    names = compiled.fndesc.llvm_cfunc_wrapper_name, compiled.fndesc.llvm_func_name
    c_entry, function = (compiled.library.get_pointer_to_function(name) for name in names)
    return c_entry, function


def _at(kind: numba.core.types.FunctionType):
    """The typing and code of a first-class function made of its two addresses."""

    def build(context, builder, sig, args):
        made: Any = cgutils.create_struct_proxy(kind)(context, builder)
        pointer = context.get_value_type(numba.core.types.voidptr)
        made.c_addr = builder.inttoptr(args[0], pointer)
        made.jit_addr = builder.inttoptr(args[1], pointer)
        made.py_addr = context.get_constant_null(numba.core.types.voidptr)
        return made._getvalue()

    return build


def _gradient_at(context, c_entry, function, x):
    kind = gradient_function(str(x.dtype))
    return kind(int64, int64, x), _at(kind)


def _update_at(context, c_entry, function, x):
    kind = update_function(str(x.dtype))
    return kind(int64, int64, x), _at(kind)


gradient_at: Any = intrinsic(_gradient_at)
"""The gradient kernel at two addresses; x : an array of its storage dtype."""
update_at: Any = intrinsic(_update_at)
"""The update kernel at two addresses; x : an array of its storage dtype."""
