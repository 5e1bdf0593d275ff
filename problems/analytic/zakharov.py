"""Zakharov's function: a sphere in a ravine across all axes, quadratic at the bottom and quartic up
its walls.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def ravine(x, g, loss):
    """sum over i of x[i]**2, + s**2 + s**4 with s = sum over i of (i + 1) x[i] / 2."""
    n, lanes = x.shape
    s = np.zeros_like(loss)
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        weight = 0.5 * (i + 1)
        for lane in range(lanes):
            a = float(x[i, lane])
            loss[lane] += a * a
            s[lane] += weight * a
    for lane in range(lanes):
        square = s[lane] * s[lane]
        loss[lane] += square + square * square
        s[lane] = 2.0 * s[lane] + 4.0 * square * s[lane]
    for i in range(n):
        weight = 0.5 * (i + 1)
        for lane in range(lanes):
            g[i, lane] = 2.0 * float(x[i, lane]) + weight * s[lane]


@problem(ladder=[{"dim": 2}, {"dim": 5}, {"dim": 10}])
def zakharov(dim=10):
    """Zakharov's function of `dim` variables: convex, and steep at the start.

    Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194. No start is published;
    seed 0 starts at unequal coordinates from 1 to 2. From equal ones, one step of a sign-like rule
    with the right lr would land on the minimum.
    """
    if dim < 1:
        raise InputError(f"zakharov[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=ravine,
        center=np.linspace(1.0, 2.0, dim),
        spread=0.1,
        budget=5000,
        source="Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194",
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        taus=(1e-3, 1e-6, 1e-9),
    )
