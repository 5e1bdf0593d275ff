"""Easom's function: one funnel in a plain that is flat to rounding."""

from math import pi

import numpy as np

from ...kernels.elementary import cos, exp, sin
from ..problem import Problem
from ..registry import problem


def lone_funnel(x, g, loss):
    """-cos(a) cos(b) e**(-(a - pi)**2 - (b - pi)**2) with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        p, q = a - pi, b - pi
        height = exp(-p * p - q * q)
        cos_a, cos_b = cos(a), cos(b)
        loss[lane] = -cos_a * cos_b * height
        g[0, lane] = (sin(a) + 2.0 * p * cos_a) * cos_b * height
        g[1, lane] = (sin(b) + 2.0 * q * cos_b) * cos_a * height


@problem
def easom():
    """Easom's function of two variables.

    Easom (1990), A survey of global optimization techniques, M. Eng. thesis, University of
    Louisville; Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194. No start
    is published; seed 0 starts at (1.7, 1.8), at the rim of the funnel: farther out the gradient
    soon leads away, and is below 1e-20 seven units from the minimum.
    """
    return Problem(
        formula=lone_funnel,
        center=np.array([1.7, 1.8]),
        spread=0.05,
        budget=500,
        source=(
            "Easom (1990), A survey of global optimization techniques, M. Eng. thesis, University"
            " of Louisville"
        ),
        minimum=-1.0,
        minimizers=np.full((1, 2), pi),
        tags=("multimodal",),
        least_loss="-1",
    )
