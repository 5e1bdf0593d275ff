"""The three-hump camel: a minimum between two worse ones, which only long steps leave."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def three_humps(x, g, loss):
    """2 a**2 - 1.05 a**4 + a**6 / 6 + a b + b**2 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        square = a * a
        loss[lane] = square * (2.0 + square * (square / 6.0 - 1.05)) + a * b + b * b
        g[0, lane] = a * (4.0 + square * (square - 4.2)) + b
        g[1, lane] = a + 2.0 * b


@problem
def three_hump_camel():
    """The three-hump camel function of two variables.

    Branin (1972), IBM J. Res. Dev. 16(5), 504-522; Jamil & Yang (2013), Int. J. Math. Modelling
    Numer. Optim. 4(2), 150-194. No start is published; from seed 0's, (2, 2), the way downhill ends
    in the local minimum of 0.298638 at (1.74755, -0.87378). Another lies opposite, across 0.
    """
    return Problem(
        formula=three_humps,
        center=np.array([2.0, 2.0]),
        spread=0.1,
        budget=500,
        source="Branin (1972), IBM J. Res. Dev. 16(5), 504-522; Jamil & Yang (2013)",
        minimum=0.0,
        minimizers=np.zeros((1, 2)),
        taus=(1e-1, 1e-3, 1e-6),
        tags=("multimodal",),
    )
