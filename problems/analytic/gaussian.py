"""The Gaussian function of More, Garbow and Hillstrom: a bell through fifteen points, from a start
that nearly fits.
"""

import numpy as np

from ...kernels.elementary import exp
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

Y = np.array(
    [
        0.0009,
        0.0044,
        0.0175,
        0.0540,
        0.1295,
        0.2420,
        0.3521,
        0.3989,
        0.3521,
        0.2420,
        0.1295,
        0.0540,
        0.0175,
        0.0044,
        0.0009,
    ]
)


def gaussian_bell(x, g, loss, data):
    """sum over t = 3.5, 3 ... -3.5 of (a e**(-b (t - c)**2 / 2) - y(t))**2, (a, b, c) = x; data :
    y.
    """
    lanes = x.shape[1]
    for lane in range(lanes):
        loss[lane] = 0.0
        g[0, lane] = 0.0
        g[1, lane] = 0.0
        g[2, lane] = 0.0
    for i in range(15):
        y, t = data[i], 3.5 - 0.5 * i
        for lane in range(lanes):
            a, b = float(x[0, lane]), float(x[1, lane])
            off = t - x[2, lane]
            height = exp(-0.5 * b * off * off)
            r = a * height - y
            steep = 2.0 * r * a * height
            loss[lane] += r * r
            g[0, lane] += 2.0 * r * height
            g[1, lane] -= 0.5 * steep * off * off
            g[2, lane] += steep * b * off


@problem
def gaussian():
    """The Gaussian function of three variables, with fifteen residuals.

    More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 9. Its start's loss is 3.9e-6: progress
    only shows relative to it.
    """
    return Problem(
        formula=gaussian_bell,
        center=np.array([0.4, 1.0, 0.0]),
        spread=0.1,
        budget=1000,
        source="More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 9",
        data_set=DataSet(Y),
        minimum=1.1279327696190113e-08,
        minimizers=np.array([[0.39895613783875666, 1.0000190844878056, 0.0]]),
        start_loss="3.888e-6",
        least_loss="1.12793e-8",
    )
