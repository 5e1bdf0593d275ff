"""McCormick's function: a valley whose floor goes up and down along its diagonal."""

import numpy as np

from ...kernels.elementary import cos, sin
from ..problem import Problem
from ..registry import problem


def diagonal_waves(x, g, loss):
    """sin(a + b) + (a - b)**2 - 1.5 a + 2.5 b + 1 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        total, apart = a + b, a - b
        slope = cos(total)
        loss[lane] = sin(total) + apart * apart - 1.5 * a + 2.5 * b + 1.0
        g[0, lane] = slope + 2.0 * apart - 1.5
        g[1, lane] = slope - 2.0 * apart + 2.5


def into_rectangle(x):
    """Move x into -1.5 <= a <= 4, -3 <= b <= 3: further down the loss has no lower bound."""
    for i in range(2):
        low, high = (-1.5, 4.0) if i == 0 else (-3.0, 3.0)
        if x[i] < low:
            x[i] = low
        elif x[i] > high:
            x[i] = high


@problem
def mccormick():
    """McCormick's function of two variables, on the rectangle -1.5 <= a <= 4, -3 <= b <= 3.

    Lootsma (ed., 1972), Numerical Methods for Non-linear Optimization, Academic Press; Jamil & Yang
    (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194. No start is published. In s = a + b
    and d = a - b it is the sum of sin(s) + s / 2 and (d - 1)**2: from seed 0's start, (3.7, 2.7),
    there is a local minimum of 1.228370 at (2.59440, 1.59440), then a rise of 0.7, then the
    minimum.
    """
    return Problem(
        formula=diagonal_waves,
        center=np.array([3.7, 2.7]),
        spread=0.1,
        budget=500,
        source=(
            "Lootsma (ed., 1972), Numerical Methods for Non-linear Optimization, Academic Press;"
            " Jamil & Yang (2013)"
        ),
        minimum=-1.9132229549810367,
        minimizers=np.array([[0.5 - np.pi / 3.0, -0.5 - np.pi / 3.0]]),
        taus=(1e-1, 1e-3, 1e-6),
        tags=("multimodal",),
        project=into_rectangle,
        least_loss="-1.913222955",
    )
