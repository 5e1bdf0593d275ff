"""Beale's function: a curved valley beside flat plains and sharp corners."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def corners(x, g, loss):
    """(1.5 - a + a b)**2 + (2.25 - a + a b**2)**2 + (2.625 - a + a b**3)**2 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        r1, r2, r3 = 1.5 - a + a * b, 2.25 - a + a * b * b, 2.625 - a + a * b * b * b
        loss[lane] = r1 * r1 + r2 * r2 + r3 * r3
        g[0, lane] = 2.0 * (r1 * (b - 1.0) + r2 * (b * b - 1.0) + r3 * (b * b * b - 1.0))
        g[1, lane] = 2.0 * a * (r1 + 2.0 * r2 * b + 3.0 * r3 * b * b)


@problem
def beale():
    """Beale's function of two variables.

    Beale (1958), On an iterative method for finding a local minimum of a function of more than one
    variable, Princeton; More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 5, for the start
    (1, 1).
    """
    return Problem(
        formula=corners,
        center=np.array([1.0, 1.0]),
        spread=0.1,
        budget=2000,
        source="Beale (1958); More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 5",
        minimum=0.0,
        minimizers=np.array([[3.0, 0.5]]),
        start_loss="14.203125",
    )
