"""Meyer's function: a thermistor's resistance, three parameters in units a million times apart."""

import numpy as np

from ...kernels.elementary import exp
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

Y = np.array(
    [
        34780,
        28610,
        23650,
        19630,
        16370,
        13720,
        11540,
        9744,
        8261,
        7030,
        6005,
        5147,
        4427,
        3820,
        3307,
        2872.0,
    ]
)


def thermistor(x, g, loss, data):
    """sum over i = 1 ... 16 of (a e**(b / (t_i + c)) - y_i)**2, t_i = 45 + 5 i, (a, b, c) = x;
    data : y.
    """
    lanes = x.shape[1]
    for lane in range(lanes):
        loss[lane] = 0.0
        g[0, lane] = 0.0
        g[1, lane] = 0.0
        g[2, lane] = 0.0
    for i in range(16):
        y, t = data[i], 50.0 + 5.0 * i
        for lane in range(lanes):
            a, b = float(x[0, lane]), float(x[1, lane])
            below = 1.0 / (t + x[2, lane])
            growth = exp(b * below)
            r = a * growth - y
            steep = 2.0 * r * a * growth * below
            loss[lane] += r * r
            g[0, lane] += 2.0 * r * growth
            g[1, lane] += steep
            g[2, lane] -= steep * b * below


@problem
def meyer():
    """Meyer's data-fitting problem: three parameters, sixteen residuals.

    Meyer (1970), Theoretical and computational aspects of nonlinear regression, in Rosen,
    Mangasarian & Ritter (eds.), Nonlinear Programming, Academic Press, 465-486; More, Garbow &
    Hillstrom (1981), ACM TOMS 7(1), problem 10. The Hessian's condition number at the minimum is
    1e16, and the way there is a long curved valley.
    """
    return Problem(
        formula=thermistor,
        center=np.array([0.02, 4000.0, 250.0]),
        spread=np.array([0.0002, 40.0, 2.5]),
        budget=10_000,
        source="Meyer (1970); More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 10",
        data_set=DataSet(Y),
        minimum=87.94585517085112,
        # (0.005609636471028053, 6181.346346286372, 345.2236346241365): rounding of residuals, 1e-10
        # each of values up to 34780, leaves the loss there 5e-10 off
        minimizers=None,
        start_loss="1.69361e9",
        least_loss="87.94585517",
    )
