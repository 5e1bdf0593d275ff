"""Matyas' function: a quadratic trough along the diagonal."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def trough(x, g, loss):
    """0.26 (a**2 + b**2) - 0.48 a b with (a, b) = x, written as 0.25 (a - b)**2 + 0.01 (a + b)**2:
    squares can't cancel.
    """
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        apart, together = a - b, a + b
        loss[lane] = 0.25 * apart * apart + 0.01 * together * together
        g[0, lane] = 0.5 * apart + 0.02 * together
        g[1, lane] = 0.02 * together - 0.5 * apart


@problem
def matyas():
    """Matyas' function of two variables: a convex quadratic, condition 25, its long axis along (1,
    1).

    Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194. The start (5, 5) of
    seed 0 lies on the long axis: the gradient points straight at the minimizer, and only other
    seeds meet the condition number.
    """
    return Problem(
        formula=trough,
        center=np.array([5.0, 5.0]),
        spread=0.5,
        budget=200,
        source="Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194",
        minimum=0.0,
        minimizers=np.zeros((1, 2)),
        taus=(1e-1, 1e-3, 1e-6),
        start_loss="1",
    )
