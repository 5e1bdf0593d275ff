"""Rosenbrock's valley: easy to find, hard to follow."""

import numpy as np

from ...kernels.grammar import InputError
from ...kernels.jit import inline
from ..problem import Problem
from ..registry import problem


@inline
def link(a, b):
    """100 (b - a**2)**2 + (1 - a)**2 and its derivatives by a and b."""
    rise, left = b - a * a, 1.0 - a
    return 100.0 * rise * rise + left * left, -400.0 * a * rise - 2.0 * left, 200.0 * rise


def valley(x, g, loss):
    """sum over i of 100 (x[i+1] - x[i]**2)**2 + (1 - x[i])**2."""
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane], g[0, lane], g[1, lane] = link(float(x[0, lane]), float(x[1, lane]))
    for i in range(1, n - 1):
        for lane in range(lanes):
            value, before, after = link(float(x[i, lane]), float(x[i + 1, lane]))
            loss[lane] += value
            g[i, lane] += before
            g[i + 1, lane] = after


@problem(
    variants=[{"dim": 10}, {"dim": 10, "rotated": True}],
    ladder=[{"dim": 2}, {"dim": 10}, {"dim": 30}],
)
def rosenbrock(dim=2):
    """The chained Rosenbrock function in `dim` dimensions.

    Rosenbrock (1960), Computer Journal 3(3), 175-184, eq. 1 (dim 2); More, Garbow & Hillstrom
    (1981), ACM TOMS 7(1), problem 1 for the start (-1.2, 1), repeated. From dim 4 on there is a
    second, local minimum near (-1, 1, ..., 1).
    """
    if dim < 2:
        raise InputError(f"rosenbrock[dim={dim}]: dim must be at least 2")
    return Problem(
        formula=valley,
        center=np.resize([-1.2, 1.0], dim),
        spread=0.1,
        budget=5000,
        source="Rosenbrock (1960), Computer Journal 3(3), 175-184",
        minimum=0.0,
        minimizers=np.ones((1, dim)),
        start_loss={2: "24.2", 10: "2057.0"}.get(dim, ""),
    )
