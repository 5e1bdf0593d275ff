"""Bard's function: three parameters of a rational curve through fifteen points."""

import numpy as np

from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

Y = np.array(
    [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
)


def curve(x, g, loss, data):
    """sum over u = 1 ... 15 of (y_u - a - u / (v b + w c))**2, v = 16 - u, w = min(u, v), (a, b, c)
    = x; data : y.
    """
    lanes = x.shape[1]
    for lane in range(lanes):
        loss[lane] = 0.0
        g[0, lane] = 0.0
        g[1, lane] = 0.0
        g[2, lane] = 0.0
    for i in range(15):
        y, u, v = data[i], float(i + 1), float(15 - i)
        w = min(u, v)
        for lane in range(lanes):
            below = 1.0 / (v * x[1, lane] + w * x[2, lane])
            r = y - x[0, lane] - u * below
            steep = 2.0 * r * u * below * below
            loss[lane] += r * r
            g[0, lane] -= 2.0 * r
            g[1, lane] += steep * v
            g[2, lane] += steep * w


@problem
def bard():
    """Bard's data-fitting problem: three parameters, fifteen residuals.

    Bard (1970), SIAM J. Numer. Anal. 7(1), 157-186; More, Garbow & Hillstrom (1981), ACM TOMS 7(1),
    problem 8. The sum of squares also approaches 17.4286 as b and c run away.
    """
    return Problem(
        formula=curve,
        center=np.ones(3),
        spread=0.1,
        budget=2000,
        source=(
            "Bard (1970), SIAM J. Numer. Anal. 7(1), 157-186; More, Garbow & Hillstrom (1981),"
            " problem 8"
        ),
        data_set=DataSet(Y),
        minimum=0.00821487730657898,
        minimizers=np.array([[0.08241055974978899, 1.1330360920297224, 2.3436951786425366]]),
        start_loss="41.6817",
        least_loss="8.214877307e-3",
    )
