"""The function of Jennrich and Sampson: sums of two exponentials against a straight line, steep on
one side.
"""

import numpy as np

from ...kernels.elementary import exp
from ..problem import Problem
from ..registry import problem


def growing_sum(x, g, loss):
    """sum over i = 1 ... 10 of (2 + 2 i - e**(i a) - e**(i b))**2 with (a, b) = x."""
    lanes = x.shape[1]
    for lane in range(lanes):
        loss[lane] = 0.0
        g[0, lane] = 0.0
        g[1, lane] = 0.0
    for i in range(1, 11):
        for lane in range(lanes):
            first, second = exp(i * float(x[0, lane])), exp(i * float(x[1, lane]))
            r = 2.0 + 2.0 * i - first - second
            loss[lane] += r * r
            g[0, lane] -= 2.0 * i * r * first
            g[1, lane] -= 2.0 * i * r * second


@problem
def jennrich_sampson():
    """Jennrich and Sampson's function of two variables, with ten residuals.

    Jennrich & Sampson (1968), Application of stepwise regression to non-linear estimation,
    Technometrics 10(1), 63-72; More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 6.
    """
    return Problem(
        formula=growing_sum,
        center=np.array([0.3, 0.4]),
        spread=0.05,
        budget=1000,
        taus=(1e-1, 1e-3, 1e-6),  # a long random walk finds 1e-5
        source=(
            "Jennrich & Sampson (1968), Technometrics 10(1), 63-72; More, Garbow & Hillstrom"
            " (1981), problem 6"
        ),
        minimum=124.36218235561485,
        minimizers=np.array([[0.2578252136703641, 0.2578252136703641]]),
        start_loss="4171.306",
        least_loss="124.3621824",
    )
