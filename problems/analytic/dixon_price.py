"""Dixon & Price's function: each variable is to be the root of half the one before."""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def roots(x, g, loss):
    """(x[0] - 1)**2 + sum over i = 1 ... n - 1 of (i + 1) (2 x[i]**2 - x[i - 1])**2."""
    n, lanes = x.shape
    for lane in range(lanes):
        left = float(x[0, lane]) - 1.0
        loss[lane] = left * left
        g[0, lane] = 2.0 * left
    for i in range(1, n):
        weight = float(i + 1)
        for lane in range(lanes):
            a = float(x[i, lane])
            r = 2.0 * a * a - float(x[i - 1, lane])
            loss[lane] += weight * r * r
            g[i - 1, lane] -= 2.0 * weight * r
            g[i, lane] = 8.0 * weight * r * a


@problem(ladder=[{"dim": 2}, {"dim": 10}, {"dim": 30}])
def dixon_price(dim=10):
    """Dixon & Price's function of `dim` variables.

    Dixon & Price (1989), The truncated Newton method for sparse unconstrained optimisation using
    automatic differentiation, J. Optim. Theory Appl. 60(2), 261-275; Jamil & Yang (2013), Int. J.
    Math. Modelling Numer. Optim. 4(2), 150-194. No start is published; seed 0 starts at (2, ...,
    2). The last variable's sign is free. From dim 3 on there is a local minimum of 2/3 at (1/3, 0,
    ..., 0).
    """
    if dim < 2:
        raise InputError(f"dixon_price[dim={dim}]: dim must be at least 2")
    # 2**-(1 - 2**(1 - i)) for i = 1 ... dim: each the root of half the one before
    lowest = 2.0 ** (2.0 ** -np.arange(dim) - 1.0)
    return Problem(
        formula=roots,
        center=np.full(dim, 2.0),
        spread=0.1,
        budget=2000,
        source="Dixon & Price (1989), J. Optim. Theory Appl. 60(2), 261-275",
        minimum=0.0,
        minimizers=np.stack([lowest, np.append(lowest[:-1], -lowest[-1])]),
        tags=("multimodal",) if dim > 2 else (),
    )
