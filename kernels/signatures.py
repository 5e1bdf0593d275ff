"""The two kernel signatures everything is built on, one compilation per storage dtype
(docs/decisions/0001).
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numba.core.types
import numpy as np
from numba.core.types import FunctionType, float64, int64, void

DTYPES = ("float64", "float32")
"""Storage dtypes of x, g, slots and data."""

PANEL = 16
"""Blocks are padded to a multiple of so many lanes: whole vectors of either dtype, so that no lane
is in a loop's remainder.
"""


PADDING = -1
"""The seed of lanes that only fill a block up to whole panels: what they compute is looked at by
nobody.
"""


def array(dtype, dimensions: int):
    """Numba's type of a C-contiguous array."""
    return numba.core.types.Array(dtype, dimensions, "C")


@cache
def storage(dtype: str):
    """Numba's type for the storage dtype: "float64" or "float32"."""
    return numba.from_dtype(np.dtype(dtype))


@cache
def gradient_signature(dtype: str):
    """`void(x (n, L), g (n, L), loss float64 (L,), data (d,), rows int64 (b,), seeds int64 (L,),
    step int64)`.

    step >= 1 : what the rule is fed at that step: the mini-batch `rows`, the noise of (seed, step).
    step == 0 : the full, noise-free objective and its gradient; `rows` are all rows.
    step == -1 : the full, noise-free objective over `rows` of `data` alone; a problem with a metric
        leaves it in g[0], the rest of `g` may be left unwritten.
    """
    kind = storage(dtype)
    matrix = array(kind, 2)
    return void(
        matrix, matrix, array(float64, 1), array(kind, 1), array(int64, 1), array(int64, 1), int64
    )


class Evaluate(NamedTuple):
    """All that a rule needs to evaluate the same mini-batch and noise again.

    data, rows, seeds, step, gradient : what the gradient kernel gets beside x, g and loss.
    extra_evaluations : int64 (L,); the rule adds what it spends.  tried : (n, L); it leaves the
    last point that each run evaluated.
    """

    # Numba warns ("experimental") about every tuple whose *first* member is a function
    data: np.ndarray
    rows: np.ndarray
    seeds: np.ndarray
    step: int
    extra_evaluations: np.ndarray
    tried: np.ndarray
    gradient: Callable


@cache
def update_signature(dtype: str):
    """`void(x (n, L), g (n, L), loss (L,), t, scale, state (s, L), settings (k,), lr (L,), layout
    (p, 4), evaluate)`.

    t : the update's number, 1, 2, ... as float64.  scale : the schedule's multiplier of lr at t.
    layout : int64, a row a parameter tensor: first coordinate, rows, columns, rank.
    evaluate : Evaluate, all that a rule needs to take the gradient again.
    A rule that can't go on for a run (a failed factorisation) writes NaN into that run's x: the run
    ends as diverged.
    """
    kind = storage(dtype)
    matrix, vector, counts = array(kind, 2), array(float64, 1), array(int64, 1)
    evaluate = numba.core.types.NamedTuple(
        (array(kind, 1), counts, counts, int64, counts, matrix, gradient_function(dtype)), Evaluate
    )
    return void(
        matrix, matrix, vector, float64, float64, matrix, vector, vector, array(int64, 2), evaluate
    )


@cache
def gradient_function(dtype: str) -> FunctionType:
    """The first-class function type of gradient kernels."""
    return FunctionType(gradient_signature(dtype))


@cache
def update_function(dtype: str) -> FunctionType:
    """The first-class function type of update kernels."""
    return FunctionType(update_signature(dtype))
