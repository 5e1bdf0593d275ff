"""A formula is a loss with its gradient, in one of two forms told apart by their arguments:

    def loss(x, g): ...            # one run: x (n,), fills g (n,), returns the loss
    def loss(x, g, loss): ...      # over lanes: x, g (n, L), fills g and loss (L,)

Both may go on to name `data` (flat), `rows` (of a mini-batch), `seed` (over lanes `seeds`) and
`step`.
"""

import inspect
from collections.abc import Callable
from typing import Any

from ..kernels import sources
from ..kernels.grammar import InputError
from ..kernels.jit import builtin_kernel, compiled_once, inline, jit, wrapped_kernel
from ..kernels.known_modules import is_builtin
from ..kernels.signatures import gradient_signature

PROJECTION = '''"""{name}: a projection over lanes (generated)."""

import numpy as np


def kernel(x, g, loss, data, rows, seeds, step):
    n, lanes = x.shape
    point = np.empty(n, x.dtype)
    for lane in range(lanes):
        for i in range(n):
            point[i] = x[i, lane]
        project(point)
        for i in range(n):
            x[i, lane] = point[i]
'''

KERNEL_ARGUMENTS = ["x", "g", "loss", "data", "rows", "seeds", "step"]


def gradient_kernel(formula: Callable[..., Any], dtype: str) -> Callable[..., Any]:
    """The formula compiled over lanes: the gradient signature of kernels/signatures.py."""
    return _gradient_kernel(formula, dtype, sources.state(formula))


@compiled_once
def _gradient_kernel(formula: Callable[..., Any], dtype: str, state: str) -> Callable[..., Any]:
    arguments = list(inspect.signature(formula).parameters)
    if arguments == KERNEL_ARGUMENTS and is_builtin(formula.__module__):
        # a wrapper would double its compile time
        return builtin_kernel(formula, gradient_signature(dtype))
    source = wrapper_source(formula)
    # inlined, a call over 64 lanes of a small formula takes 42 ns instead of 63: counting
    # references to arrays is most of it
    compiled = inline(formula) if "loss" in arguments else jit(formula)
    return wrapped_kernel(
        source, {"formula": compiled}, formula.__name__, gradient_signature(dtype), [formula]
    )


def projection_kernel(project: Callable[..., Any], dtype: str) -> Callable[..., Any]:
    """`project(x)` of one run, over lanes: the gradient signature, of which it uses x alone. Raises
    InputError else.
    """
    return _projection_kernel(project, dtype, sources.state(project))


@compiled_once
def _projection_kernel(project: Callable[..., Any], dtype: str, state: str) -> Callable[..., Any]:
    words = list(inspect.signature(project).parameters)
    if words != ["x"]:
        raise InputError(
            f"{project.__name__}({', '.join(words)}): a projection takes x (n,) alone and changes"
            " it in place"
        )
    source = PROJECTION.format(name=f"{project.__module__}.{project.__name__}")
    return wrapped_kernel(
        source, {"project": jit(project)}, project.__name__, gradient_signature(dtype), [project]
    )


def wrapper_source(formula: Callable[..., Any]) -> str:
    """The kernel around a formula: over lanes it is called once, over one run lane by lane on
    contiguous copies.

    Raises InputError for arguments that the loop doesn't have.
    """
    words = list(inspect.signature(formula).parameters)
    over_lanes = words[:3] == ["x", "g", "loss"]
    given = ["data", "rows", "seeds" if over_lanes else "seed", "step"]
    further = words[3 if over_lanes else 2 :]
    if words == ["x"]:
        raise InputError(
            f"{formula.__name__}(x) has no gradient: write def {formula.__name__}(x, g), which"
            " fills g, g[:] = 2.0 * x for a sum of squares, and returns the loss; `optbench check`"
            " holds it against differences"
        )
    if words[:2] != ["x", "g"] or [word for word in further if word not in given]:
        raise InputError(
            f"{formula.__name__}({', '.join(words)}): a loss takes (x, g) or (x, g, loss), then any"
            f" of {', '.join(given)}"
        )
    extra = "".join(f", {'seeds[lane]' if word == 'seed' else word}" for word in further)
    # the module too: generated kernels are told apart by their text, and two files may name a
    # formula alike
    head = f'''"""{formula.__module__}.{formula.__name__}: its formula over lanes (generated)."""

import numpy as np


def kernel(x, g, loss, data, rows, seeds, step):
'''
    if over_lanes:
        return f"{head}    formula(x, g, loss{extra})\n"
    return f"""{head}    n, lanes = x.shape
    point, slope = np.empty(n, x.dtype), np.empty(n, x.dtype)
    for lane in range(lanes):
        for i in range(n):
            point[i] = x[i, lane]
            slope[i] = 0.0
        loss[lane] = formula(point, slope{extra})
        for i in range(n):
            g[i, lane] = slope[i]
"""
