"""Biggs's function EXP6: the amplitudes and rates of three exponentials at once."""

import numpy as np

from ...kernels.elementary import exp
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

T = np.arange(1, 14) / 10


def six_exponentials(x, g, loss, data):
    """sum over t = 0.1 ... 1.3 of (x_3 e**(-t x_1) - x_4 e**(-t x_2) + x_6 e**(-t x_5) - y(t))**2,
    coordinates from 1.

    data : the thirteen t, then y(t) = e**-t - 5 e**(-10 t) + 3 e**(-4 t) of each.
    """
    lanes = x.shape[1]
    for j in range(6):
        for lane in range(lanes):
            g[j, lane] = 0.0
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(13):
        t, y = data[i], data[13 + i]
        for lane in range(lanes):
            a, b, c = float(x[2, lane]), float(x[3, lane]), float(x[5, lane])
            first, second, third = exp(-t * x[0, lane]), exp(-t * x[1, lane]), exp(-t * x[4, lane])
            r = a * first - b * second + c * third - y
            loss[lane] += r * r
            g[0, lane] -= 2.0 * t * r * a * first
            g[1, lane] += 2.0 * t * r * b * second
            g[2, lane] += 2.0 * r * first
            g[3, lane] -= 2.0 * r * second
            g[4, lane] -= 2.0 * t * r * c * third
            g[5, lane] += 2.0 * r * third


@problem
def biggs():
    """Biggs's function EXP6 of six variables, with thirteen residuals.

    Biggs (1971), Minimization algorithms making use of non-quadratic properties of the objective
    function, J. Inst. Maths Applics 8(3), 315-327; More, Garbow & Hillstrom (1981), ACM TOMS 7(1),
    problem 18. It is 0 at (1, 10, 1, 5, 4, 3) and where the exponentials change places; there is a
    local minimum of 5.65565e-3.
    """
    return Problem(
        formula=six_exponentials,
        center=np.array([1.0, 2.0, 1.0, 1.0, 1.0, 1.0]),
        spread=0.1,
        budget=10_000,
        source=(
            "Biggs (1971), J. Inst. Maths Applics 8(3), 315-327; More, Garbow & Hillstrom (1981),"
            " problem 18"
        ),
        data_set=DataSet(
            np.concatenate([T, np.exp(-T) - 5.0 * np.exp(-10.0 * T) + 3.0 * np.exp(-4.0 * T)])
        ),
        minimum=0.0,
        minimizers=np.array([[1.0, 10.0, 1.0, 5.0, 4.0, 3.0], [4.0, 10.0, 3.0, 5.0, 1.0, 1.0]]),
        tags=("multimodal", "open"),  # from seed 0 all end in the local minimum
        start_loss="0.779070",
    )
