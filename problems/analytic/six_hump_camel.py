"""The six-hump camel: six minima in the plane, of which two are least."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def six_humps(x, g, loss):
    """(4 - 2.1 a**2 + a**4 / 3) a**2 + a b + (4 b**2 - 4) b**2 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        p, q = a * a, b * b
        loss[lane] = p * (4.0 + p * (p / 3.0 - 2.1)) + a * b + 4.0 * q * (q - 1.0)
        g[0, lane] = a * (8.0 + p * (2.0 * p - 8.4)) + b
        g[1, lane] = a + 8.0 * b * (2.0 * q - 1.0)


@problem
def six_hump_camel():
    """The six-hump camel function of two variables.

    Branin (1972), IBM J. Res. Dev. 16(5), 504-522; Dixon & Szego (1978), The global optimization
    problem: an introduction, Towards Global Optimisation 2, 1-15. No start is published; seed 0
    starts at (2, 1), high on the side. The local minima have losses of -0.215464, at (1.70361,
    -0.79608) and opposite, and 2.104250, at (1.60710, 0.56865) and opposite.
    """
    return Problem(
        formula=six_humps,
        center=np.array([2.0, 1.0]),
        spread=0.1,
        budget=500,
        source=(
            "Branin (1972), IBM J. Res. Dev. 16(5), 504-522; Dixon & Szego (1978), Towards Global"
            " Optimisation 2, 1-15"
        ),
        minimum=-1.0316284534898774,
        minimizers=np.array(
            [[0.08984201310031806, -0.7126564030207396], [-0.08984201310031806, 0.7126564030207396]]
        ),
        taus=(1e-1, 1e-3, 1e-5),
        tags=("multimodal",),
        least_loss="-1.031628453",
    )
