"""The variably dimensioned function: a sphere, and a quartic wall across one direction that
steepens with the dimension.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def wall(x, g, loss):
    """sum over i of (x[i] - 1)**2, + s**2 + s**4 with s = sum over i of (i + 1) (x[i] - 1)."""
    n, lanes = x.shape
    s = np.zeros_like(loss)
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        weight = float(i + 1)
        for lane in range(lanes):
            left = float(x[i, lane]) - 1.0
            loss[lane] += left * left
            s[lane] += weight * left
    for lane in range(lanes):
        square = s[lane] * s[lane]
        loss[lane] += square + square * square
        s[lane] = 2.0 * s[lane] + 4.0 * square * s[lane]
    for i in range(n):
        weight = float(i + 1)
        for lane in range(lanes):
            g[i, lane] = 2.0 * (float(x[i, lane]) - 1.0) + weight * s[lane]


@problem(ladder=[{"dim": 2}, {"dim": 5}, {"dim": 10}])
def variably_dimensioned(dim=10):
    """The variably dimensioned function of `dim` variables: convex, with a narrow ravine.

    More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 25. The Hessian's condition number at
    the minimum is 1 + dim (dim + 1) (2 dim + 1) / 6.
    """
    if dim < 1:
        raise InputError(f"variably_dimensioned[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=wall,
        center=1.0 - np.arange(1.0, dim + 1.0) / dim,
        spread=0.1,
        budget=5000,
        source="More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 25",
        minimum=0.0,
        minimizers=np.ones((1, dim)),
        taus=(1e-3, 1e-6, 1e-10),
        start_loss="2.19855e6" if dim == 10 else "",
    )
