"""Osborne's first function: two decaying exponentials, nearly alike, through 33 points."""

import numpy as np

from ...kernels.elementary import exp
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

Y = np.array(
    [
        0.844,
        0.908,
        0.932,
        0.936,
        0.925,
        0.908,
        0.881,
        0.850,
        0.818,
        0.784,
        0.751,
        0.718,
        0.685,
        0.658,
        0.628,
        0.603,
        0.580,
        0.558,
        0.538,
        0.522,
        0.506,
        0.490,
        0.478,
        0.467,
        0.457,
        0.448,
        0.438,
        0.431,
        0.424,
        0.420,
        0.414,
        0.411,
        0.406,
    ]
)


def decay_sum(x, g, loss, data):
    """sum over t = 0, 10 ... 320 of (y(t) - a - b e**(-t d) - c e**(-t e))**2, (a, b, c, d, e) = x;
    data : y.
    """
    lanes = x.shape[1]
    for j in range(5):
        for lane in range(lanes):
            g[j, lane] = 0.0
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(33):
        y, t = data[i], 10.0 * i
        for lane in range(lanes):
            b, c = float(x[1, lane]), float(x[2, lane])
            first, second = exp(-t * x[3, lane]), exp(-t * x[4, lane])
            r = y - x[0, lane] - b * first - c * second
            loss[lane] += r * r
            g[0, lane] -= 2.0 * r
            g[1, lane] -= 2.0 * r * first
            g[2, lane] -= 2.0 * r * second
            g[3, lane] += 2.0 * t * r * b * first
            g[4, lane] += 2.0 * t * r * c * second


@problem
def osborne_one():
    """Osborne's first data-fitting problem: five parameters, 33 residuals.

    Osborne (1972), Some aspects of nonlinear least squares calculations, in Lootsma (ed.),
    Numerical Methods for Nonlinear Optimization, Academic Press, 171-189; More, Garbow & Hillstrom
    (1981), ACM TOMS 7(1), problem 17. The third coordinate of the start is -1, as there and in
    NIST's MGH17; some collections have 1. The Hessian's condition number at the minimum is 2.5e9.
    The exponentials may change places.
    """
    return Problem(
        formula=decay_sum,
        center=np.array([0.5, 1.5, -1.0, 0.01, 0.02]),
        spread=np.array([0.05, 0.05, 0.05, 0.001, 0.001]),
        budget=10_000,
        source="Osborne (1972); More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 17",
        data_set=DataSet(Y),
        minimum=5.464894697482912e-05,
        minimizers=np.array(
            [
                [
                    0.37541005210695194,
                    1.9358469127123559,
                    -1.4646871366134115,
                    0.012867534640057266,
                    0.02212269966167266,
                ],
                [
                    0.37541005210695194,
                    -1.4646871366134115,
                    1.9358469127123559,
                    0.02212269966167266,
                    0.012867534640057266,
                ],
            ]
        ),
        start_loss="0.879026",
        least_loss="5.464894697e-5",
    )
