"""Booth's function: two linear equations, squared and added."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def crossing_lines(x, g, loss):
    """(a + 2 b - 7)**2 + (2 a + b - 5)**2 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        r1, r2 = a + 2.0 * b - 7.0, 2.0 * a + b - 5.0
        loss[lane] = r1 * r1 + r2 * r2
        g[0, lane] = 2.0 * r1 + 4.0 * r2
        g[1, lane] = 4.0 * r1 + 2.0 * r2


@problem
def booth():
    """Booth's function of two variables: a convex quadratic, condition 9, its long axis along (1,
    -1).

    Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194.
    """
    return Problem(
        formula=crossing_lines,
        center=np.zeros(2),
        spread=0.1,
        budget=200,
        source="Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194",
        minimum=0.0,
        minimizers=np.array([[1.0, 3.0]]),
        taus=(1e-1, 1e-3, 1e-6),
        start_loss="74",
    )
