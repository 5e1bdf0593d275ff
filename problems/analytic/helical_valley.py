"""The helical valley: a spiral staircase down to the minimum."""

from math import atan, pi, sqrt

import numpy as np

from ..problem import Problem
from ..registry import problem


def staircase(x, g, loss):
    """100 (c - 10 angle)**2 + 100 (radius - 1)**2 + c**2 with (a, b, c) = x, and (a, b) in polar
    coordinates.

    The angle is in turns, from -1/4 to 3/4, as 1/4 + atan(-a / (radius + b)) / pi: the half-angle
    formula needs no branch.
    """
    for lane in range(x.shape[1]):
        a, b, c = float(x[0, lane]), float(x[1, lane]), float(x[2, lane])
        radius = sqrt(a * a + b * b)
        angle = 0.25 - atan(a / (radius + b)) / pi
        r1, r2 = 10.0 * (c - 10.0 * angle), 10.0 * (radius - 1.0)
        loss[lane] = r1 * r1 + r2 * r2 + c * c
        turn = 100.0 * r1 / (pi * radius * radius)
        out = 20.0 * r2 / radius
        g[0, lane] = turn * b + out * a
        g[1, lane] = out * b - turn * a
        g[2, lane] = 20.0 * r1 + 2.0 * c


@problem
def helical_valley():
    """Fletcher & Powell's helical valley of three variables.

    Fletcher & Powell (1963), A rapidly convergent descent method for minimization, Computer Journal
    6(2), 163-168; More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 7. The angle is cut on
    the half-plane x[0] = 0, x[1] < 0, where the loss jumps and a run may stall; the way from the
    start to the minimum leads round the other side.
    """
    return Problem(
        formula=staircase,
        center=np.array([-1.0, 0.0, 0.0]),
        spread=0.1,
        budget=2000,
        source=(
            "Fletcher & Powell (1963), Computer Journal 6(2), 163-168; More, Garbow & Hillstrom"
            " (1981), problem 7"
        ),
        minimum=0.0,
        minimizers=np.array([[1.0, 0.0, 0.0]]),
        start_loss="2500",
    )
