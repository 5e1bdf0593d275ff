"""Nesterov's nonsmooth Chebyshev-Rosenbrock function: a valley whose floor is a kink."""

import numpy as np

from ...kernels.grammar import InputError
from ...kernels.sign import sign
from ..problem import Problem
from ..registry import problem


def chebyshev_kinks(x, g, loss):
    """(x[0] - 1)**2 / 4 + sum over i of |x[i + 1] - 2 x[i]**2 + 1|."""
    n, lanes = x.shape
    for lane in range(lanes):
        left = float(x[0, lane]) - 1.0
        loss[lane] = 0.25 * left * left
        g[0, lane] = 0.5 * left
    for i in range(n - 1):
        for lane in range(lanes):
            a = float(x[i, lane])
            r = float(x[i + 1, lane]) - 2.0 * a * a + 1.0
            side = sign(r)
            loss[lane] += abs(r)
            g[i, lane] -= 4.0 * a * side
            g[i + 1, lane] = side


@problem(ladder=[{"dim": 2}, {"dim": 3}])
def nonsmooth_valley(dim=2):
    """Nesterov's nonsmooth Chebyshev-Rosenbrock function of `dim` variables, the first of two.

    Gurbuzbalaban & Overton (2012), On Nesterov's nonsmooth Chebyshev-Rosenbrock functions,
    Nonlinear Analysis 75(3), 1282-1289. The floor of the valley, x[i + 1] = 2 x[i]**2 - 1, winds
    the more the higher the dimension, and the gradient jumps across it. (-1, 1, ..., 1) lies on the
    floor, where the loss has no gradient; seed 0 starts beside it.
    """
    if dim < 2:
        raise InputError(f"nonsmooth_valley[dim={dim}]: dim must be at least 2")
    return Problem(
        formula=chebyshev_kinks,
        center=np.append(-1.2, np.ones(dim - 1)),
        spread=0.1,
        budget=3000,
        source="Gurbuzbalaban & Overton (2012), Nonlinear Analysis 75(3), 1282-1289",
        minimum=0.0,
        minimizers=np.ones((1, dim)),
        taus=(1e-1, 1e-2, 1e-3),
        tags=("nonsmooth",),
    )
