"""Nesterov's worst function: information travels one coordinate a gradient, so no first-order
method can be fast.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def chain(x, g, loss):
    """L / 4 ((x[0]**2 + sum over i of (x[i] - x[i + 1])**2 + x[n - 1]**2) / 2 - x[0]) with L =
    1.
    """
    n, lanes = x.shape
    for i in range(n):
        for lane in range(lanes):
            g[i, lane] = 0.0
    for lane in range(lanes):
        a, b = float(x[0, lane]), float(x[n - 1, lane])
        loss[lane] = 0.125 * (a * a + b * b) - 0.25 * a
        g[0, lane] += 0.25 * a - 0.25
        g[n - 1, lane] += 0.25 * b
    for i in range(n - 1):
        for lane in range(lanes):
            step = float(x[i, lane]) - float(x[i + 1, lane])
            loss[lane] += 0.125 * step * step
            g[i, lane] += 0.25 * step
            g[i + 1, lane] -= 0.25 * step


@problem(ladder=[{"dim": 5}, {"dim": 20}, {"dim": 50}])
def nesterov_worst(dim=20):
    """Nesterov's worst smooth convex quadratic, gradients Lipschitz with L = 1, of `dim` variables.

    Nesterov (2004), Introductory Lectures on Convex Optimization, section 2.1.2: from 0, each
    gradient tells of one more coordinate, so that after k <= (dim - 1) / 2 of them f - f* >= 3 L
    |x0 - x*|**2 / (32 (k + 1)**2) for any method whose steps are combinations of gradients. Rules
    that scale each coordinate aren't bound by it, nor are seeds other than 0.
    """
    if dim < 1:
        raise InputError(f"nesterov_worst[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=chain,
        center=np.zeros(dim),
        spread=0.1,
        budget=1000,
        source="Nesterov (2004), Introductory Lectures on Convex Optimization, section 2.1.2",
        minimum=(1.0 / (dim + 1) - 1.0) / 8.0,
        minimizers=1.0 - np.arange(1.0, dim + 1.0)[None, :] / (dim + 1),
    )
