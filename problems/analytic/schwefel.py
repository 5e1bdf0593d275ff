"""Schwefel's function: the deepest of many hollows lies near a corner, far from the next best."""

from math import sqrt

import numpy as np

from ...kernels.elementary import cos, sin
from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem

DEPTH = 418.9828872724338  # the largest value of a sin(sqrt(a)) up to 500, at LOWEST
LOWEST = 420.96874636058203  # of the floats near the minimizer one whose loss is 0 to rounding


def hollows(x, g, loss):
    """sum over i of DEPTH - x[i] sin(sqrt(|x[i]|))."""
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            root = sqrt(abs(a))
            s = sin(root)
            loss[lane] += DEPTH - a * s
            g[i, lane] = -s - 0.5 * root * cos(root)


def into_cube(x):
    """Back to -500 <= x[i] <= 500: beyond it the hollows get deeper without end."""
    for i in range(x.size):
        if x[i] < -500.0:
            x[i] = -500.0
        elif x[i] > 500.0:
            x[i] = 500.0


@problem(variants=[{"dim": 10}])
def schwefel(dim=2):
    """Schwefel's function of `dim` variables, on the cube of -500 to 500.

    Schwefel (1981), Numerical Optimization of Computer Models, Wiley, problem 2.26; Jamil & Yang
    (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194. No start is published; seed 0
    starts in the deepest hollow, at 340 to 380: a run has to go tens of units. Each coordinate has
    six more hollows; that next to the deepest, at 203.8, is 217 higher, and the next best, at
    -302.5, 118 higher.
    """
    if dim < 1:
        raise InputError(f"schwefel[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=hollows,
        center=np.linspace(340.0, 380.0, dim),
        spread=20.0,
        budget=2000,
        source="Schwefel (1981), Numerical Optimization of Computer Models, Wiley, problem 2.26",
        minimum=0.0,
        minimizers=np.full((1, dim), LOWEST),
        tags=("multimodal",),
        project=into_cube,
    )
