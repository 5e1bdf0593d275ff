"""Rastrigin's function: a sphere under an egg box."""

import math

import numpy as np

from ...kernels.elementary import sin
from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem

PI = math.pi


def egg_box(x, g, loss):
    """sum over i of x[i]**2 + 10 - 10 cos(2 pi x[i]), where 1 - cos(2 pi a) = 2 sin(pi a)**2."""
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            s = sin(PI * a)
            loss[lane] += a * a + 20.0 * s * s
            g[i, lane] = 2.0 * a + 20.0 * PI * sin(2.0 * PI * a)


@problem
def rastrigin(dim=2):
    """Rastrigin's function of `dim` variables.

    Rastrigin (1974), Systems of Extremal Control, Nauka (two variables); Muehlenbein, Schomisch &
    Born (1991), Parallel Computing 17(6-7), 619-632, for any number. There is a local minimum near
    every point of integers within about 31 of 0, of a loss near its squared distance from 0. At the
    start of seed 0 all sines are 0 and the gradient is exactly 2 x: a first step of g / 2 lands on
    the minimizer, which takes armijo, barzilai_borwein and schedule_free_sgd two evaluations at lr
    1. That is owed to this start alone: judge these rules by other seeds.
    """
    if dim < 1:
        raise InputError(f"rastrigin[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=egg_box,
        center=np.resize([-2.0, 3.5], dim),
        spread=0.5,
        budget=1000,
        source=(
            "Rastrigin (1974), Systems of Extremal Control, Nauka; Muehlenbein et al. (1991),"
            " Parallel Computing 17(6-7)"
        ),
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        tags=("multimodal",),
        start_loss="36.25" if dim == 2 else "",
    )
