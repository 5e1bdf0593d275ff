"""Brown's badly scaled function: a coordinate of a million beside one of two millionths."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def brown_scales(x, g, loss):
    """(a - 1e6)**2 + (b - 2e-6)**2 + (a b - 2)**2 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        r1, r2, r3 = a - 1e6, b - 2e-6, a * b - 2.0
        loss[lane] = r1 * r1 + r2 * r2 + r3 * r3
        g[0, lane] = 2.0 * (r1 + r3 * b)
        g[1, lane] = 2.0 * (r2 + r3 * a)


@problem
def brown_badly_scaled():
    """Brown's badly scaled function of two variables.

    More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 4. The Hessian's condition number at the
    minimum is 1e12.
    """
    return Problem(
        formula=brown_scales,
        center=np.ones(2),
        spread=0.1,
        budget=10_000,
        source="More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 4",
        minimum=0.0,
        minimizers=np.array([[1e6, 2e-6]]),
        start_loss="9.99998e11",
    )
