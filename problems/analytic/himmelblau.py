"""Himmelblau's function: four equally good minima around a hill."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def four_valleys(x, g, loss):
    """(a**2 + b - 11)**2 + (a + b**2 - 7)**2 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        r1, r2 = a * a + b - 11.0, a + b * b - 7.0
        loss[lane] = r1 * r1 + r2 * r2
        g[0, lane] = 4.0 * a * r1 + 2.0 * r2
        g[1, lane] = 2.0 * r1 + 4.0 * b * r2


@problem
def himmelblau():
    """Himmelblau's function of two variables.

    Himmelblau (1972), Applied Nonlinear Programming, McGraw-Hill; Jamil & Yang (2013), Int. J.
    Math. Modelling Numer. Optim. 4(2), 150-194. The start (0, 0) lies near the top of the hill, a
    maximum of 181.617 at (-0.271, -0.923); no minimum is worse than another, and four saddles lie
    between them.
    """
    return Problem(
        formula=four_valleys,
        center=np.zeros(2),
        spread=0.1,
        budget=200,
        source="Himmelblau (1972), Applied Nonlinear Programming, McGraw-Hill",
        minimum=0.0,
        minimizers=np.array(
            [
                [3.0, 2.0],
                [-2.805118086952745, 3.131312518250573],
                [-3.779310253377747, -3.2831859912861696],
                [3.5844283403304917, -1.8481265269644036],
            ]
        ),
        taus=(1e-1, 1e-3, 1e-6),
        start_loss="170",
    )
