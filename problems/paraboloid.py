"""A paraboloid anywhere, turned and scaled at will: what rules are checked on, not a problem of the
sweep.
"""

import numpy as np

from .data_set import DataSet
from .problem import Problem


def paraboloid(x, g, loss, data):
    """f(x) = height + 1/2 (x - c)'Q(x - c); data : height, c (n,), Q (n, n) row by row."""
    n, lanes = x.shape
    for lane in range(lanes):
        total = 0.0
        for i in range(n):
            slope = 0.0
            for j in range(n):
                slope += data[1 + n + i * n + j] * (float(x[j, lane]) - data[1 + j])
            g[i, lane] = slope
            total += slope * (float(x[i, lane]) - data[1 + i])
        loss[lane] = data[0] + 0.5 * total


def paraboloid_problem(
    matrix, lowest, height: float, start, shapes=(), family: str = "paraboloid"
) -> Problem:
    """The problem with Q = matrix (n, n), its minimum `height` at `lowest` (n,), and starts around
    `start` (n,).
    """
    return Problem(
        formula=paraboloid,
        center=np.asarray(start, float),
        spread=0.3,
        budget=1000,
        source="a quadratic form",
        minimum=height,
        minimizers=np.array([lowest]),
        data_set=DataSet(np.concatenate([[height], lowest, np.ravel(matrix)])),
        shapes=shapes,
        family=family,
    )
