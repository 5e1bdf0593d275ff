"""Box's three-dimensional function: two decay rates and an amplitude, and a line where the three
cancel.
"""

import numpy as np

from ...kernels.elementary import exp
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

T = np.arange(1, 11) / 10


def decay_difference(x, g, loss, data):
    """sum over t = 0.1 ... 1 of (e**(-t a) - e**(-t b) - c (e**-t - e**(-10 t)))**2, (a, b, c) = x.

    data : the ten t, then e**-t - e**(-10 t) of each.
    """
    lanes = x.shape[1]
    for lane in range(lanes):
        loss[lane] = 0.0
        g[0, lane] = 0.0
        g[1, lane] = 0.0
        g[2, lane] = 0.0
    for i in range(10):
        t, wanted = data[i], data[10 + i]
        for lane in range(lanes):
            slow, fast = exp(-t * x[0, lane]), exp(-t * x[1, lane])
            r = slow - fast - x[2, lane] * wanted
            loss[lane] += r * r
            g[0, lane] -= 2.0 * t * r * slow
            g[1, lane] += 2.0 * t * r * fast
            g[2, lane] -= 2.0 * r * wanted


@problem
def box_3d():
    """Box's function of three variables, with ten residuals.

    Box (1966), A comparison of several current optimization methods, Computer Journal 9(1), 67-77;
    More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 12. It is 0 at (1, 10, 1), at (10, 1,
    -1), and wherever a = b and c = 0.
    """
    return Problem(
        formula=decay_difference,
        center=np.array([0.0, 10.0, 20.0]),
        spread=np.array([0.1, 1.0, 1.0]),
        budget=1000,
        source=(
            "Box (1966), Computer Journal 9(1), 67-77; More, Garbow & Hillstrom (1981), ACM TOMS"
            " 7(1), problem 12"
        ),
        data_set=DataSet(np.concatenate([T, np.exp(-T) - np.exp(-10.0 * T)])),
        minimum=0.0,
        taus=(1e-1, 1e-3, 1e-6),  # 1e-5 is met wherever a and b are large and c happens to pass 0
        minimizers=np.array(
            [[1.0, 10.0, 1.0], [10.0, 1.0, -1.0], [0.0, 0.0, 0.0]]
        ),  # the last of a line
        start_loss="1031.154",
    )
