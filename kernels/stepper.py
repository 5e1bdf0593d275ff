"""One update outside the loop, by the same kernels, so the same numbers: for walks and trials."""

from collections.abc import Callable

import numpy as np
from numba import boolean, float64, int64, void

from .jit import builtin_kernel, compiled_once
from .signatures import (
    Evaluate,
    array,
    gradient_function,
    gradient_signature,
    storage,
    update_function,
)


def _update_once(
    gradient,
    update,
    project,
    projected,
    x,
    g,
    loss,
    t,
    scale,
    state,
    settings,
    lr,
    layout,
    data,
    rows,
    seeds,
    evaluations,
):
    again = Evaluate(data, rows, seeds, int64(t), evaluations, np.empty_like(x), gradient)
    update(x, g, loss, t, scale, state, settings, lr, layout, again)
    if projected:
        project(x, g, loss, data, rows, seeds, int64(t))


def _no_gradient(x, g, loss, data, rows, seeds, step):
    for lane in range(loss.size):
        loss[lane] = np.nan


@compiled_once
def update_once_kernel(dtype: str) -> Callable:
    """One update outside the loop, for Walk: the same kernel, so the same numbers."""
    kind = storage(dtype)
    matrix, vector, counts = array(kind, 2), array(float64, 1), array(int64, 1)
    signature = void(
        gradient_function(dtype),
        update_function(dtype),
        gradient_function(dtype),
        boolean,
        matrix,
        matrix,
        vector,
        float64,
        float64,
        matrix,
        vector,
        vector,
        array(int64, 2),
        array(kind, 1),
        counts,
        counts,
        counts,
    )
    return builtin_kernel(_update_once, signature)


@compiled_once
def no_gradient_kernel(dtype: str) -> Callable:
    """The gradient of no problem: what a rule that evaluates gets when a Walk has none (NaN)."""
    return builtin_kernel(_no_gradient, gradient_signature(dtype))
