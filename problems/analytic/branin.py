"""Branin's function: a curved valley that a cosine divides into equal basins."""

import math

import numpy as np

from ...kernels.elementary import cos, sin
from ..problem import Problem
from ..registry import problem

BEND = 5.1 / (4.0 * math.pi**2)
SLOPE = 5.0 / math.pi
HEIGHT = 10.0 - 1.25 / math.pi  # 10 (1 - 1 / (8 pi))


def basins(x, g, loss):
    """(b - BEND a**2 + SLOPE a - 6)**2 + HEIGHT cos a + 10 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        r = b - BEND * a * a + SLOPE * a - 6.0
        loss[lane] = r * r + HEIGHT * cos(a) + 10.0
        g[0, lane] = 2.0 * r * (SLOPE - 2.0 * BEND * a) - HEIGHT * sin(a)
        g[1, lane] = 2.0 * r


@problem
def branin():
    """Branin's function of two variables, in the form of Dixon & Szego.

    Branin (1972), Widely convergent method for finding multiple solutions of simultaneous nonlinear
    equations, IBM J. Res. Dev. 16(5), 504-522; Dixon & Szego (1978), The global optimization
    problem: an introduction, in Towards Global Optimisation 2. The start (2.5, 12.5) is that of
    DeepOBS. The three minimizers listed lie in the usual domain, -5 <= a <= 10 and 0 <= b <= 15;
    there is one at every odd multiple of pi, all equally low, with saddles between them.
    """
    return Problem(
        formula=basins,
        center=np.array([2.5, 12.5]),
        spread=0.5,
        budget=500,
        source=(
            "Branin (1972), IBM J. Res. Dev. 16(5), 504-522; Dixon & Szego (1978), Towards Global"
            " Optimisation 2"
        ),
        minimum=10.0 - HEIGHT,
        minimizers=np.array([[math.pi, 2.275], [-math.pi, 12.275], [3.0 * math.pi, 2.475]]),
        taus=(1e-1, 1e-3, 1e-6),
        start_loss="95.8447",
        least_loss="0.3978873577",
    )
