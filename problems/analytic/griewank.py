"""Griewank's function: a shallow bowl under a product of cosines."""

import numpy as np

from ...kernels.elementary import cos, sin
from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def washboard(x, g, loss):
    """sum over i of x[i]**2 / 4000, + 1 - product over i of cos(x[i] / sqrt(i + 1))."""
    n, lanes = x.shape
    before, after = np.ones_like(loss), np.ones_like(loss)
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        rate = (i + 1.0) ** -0.5
        for lane in range(lanes):
            a = float(x[i, lane])
            g[i, lane] = before[
                lane
            ]  # of the cosines before i; dividing the whole by one would fail at its zeros
            before[lane] *= cos(rate * a)
            loss[lane] += a * a / 4000.0
    for lane in range(lanes):
        loss[lane] += 1.0 - before[lane]
    for i in range(n - 1, -1, -1):
        rate = (i + 1.0) ** -0.5
        for lane in range(lanes):
            a = float(x[i, lane])
            g[i, lane] = a / 2000.0 + rate * sin(rate * a) * after[lane] * float(g[i, lane])
            after[lane] *= cos(rate * a)


@problem(ladder=[{"dim": 2}, {"dim": 5}, {"dim": 10}])
def griewank(dim=2):
    """Griewank's function of `dim` variables.

    Griewank (1981), Generalized descent for global optimization, J. Optim. Theory Appl. 34(1),
    11-39. No start is published; seed 0 starts at (2, -1.5), repeated, in dim 2 just inside the
    basin of 0, which ends near
    |a| + |b| / sqrt(2) = pi; other seeds start on either side. The nearest local minima are
    0.007396 at (+-3.140, +-4.438).
    """
    if dim < 1:
        raise InputError(f"griewank[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=washboard,
        center=np.resize([2.0, -1.5], dim),
        spread=0.5,
        budget=200,
        source=(
            "Griewank (1981), Generalized descent for global optimization, J. Optim. Theory Appl."
            " 34(1), 11-39"
        ),
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        taus=(1e-1, 1e-3, 1e-6),
        tags=("multimodal",),
    )
