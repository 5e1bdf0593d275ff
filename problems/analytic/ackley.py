"""Ackley's function: a funnel with a kink at its bottom and ripples up its walls."""

import math
from math import sqrt

import numpy as np

from ...kernels.elementary import exp, sin
from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem

E = math.e
PI = math.pi
# keeps the slope finite at 0, and is lost in the root's rounding wherever that is above 1e-134
TINY = 1e-150


def rippled_funnel(x, g, loss):
    """20 - 20 exp(-0.2 sqrt(mean x[i]**2)) + e - exp(mean cos(2 pi x[i])), where cos(2 pi a) = 1 -
    2 sin(pi a)**2.
    """
    n, lanes = x.shape
    square, wave = np.zeros_like(loss), np.zeros_like(loss)
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            s = sin(PI * a)
            square[lane] += a * a / n
            wave[lane] -= 2.0 * s * s / n
    for lane in range(lanes):
        root = sqrt(square[lane])
        dip = 20.0 * exp(-0.2 * root)
        wave[lane] = E * exp(wave[lane])
        loss[lane] = (20.0 - dip) + (
            E - wave[lane]
        )  # neither can be below 0, as 20 + E - dip - wave could
        square[lane] = 0.2 * dip / (n * (root + TINY))
        wave[lane] *= 2.0 * PI / n
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            g[i, lane] = square[lane] * a + wave[lane] * sin(2.0 * PI * a)


@problem
def ackley(dim=2):
    """Ackley's function of `dim` variables.

    Ackley (1987), A Connectionist Machine for Genetic Hillclimbing, Kluwer (two variables); the
    form for any number, with 20, 0.2 and 2 pi: Baeck (1996), Evolutionary Algorithms in Theory and
    Practice, Oxford, p. 142. There is a local minimum near every point of integers, and far away
    the walls are flat. The minimizer 0 is the tip of a cone of slope 4 / sqrt(dim): a step that
    doesn't shrink jumps back and forth across it. The gradient there is given as 0. At the start of
    seed 0 all sines are 0 and the gradient points straight at the minimizer: lbfgs solves it more
    easily there than from other seeds.
    """
    if dim < 1:
        raise InputError(f"ackley[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=rippled_funnel,
        center=np.resize([2.0, -1.5], dim),
        spread=0.5,
        budget=500,
        source=(
            "Ackley (1987), A Connectionist Machine for Genetic Hillclimbing, Kluwer; Baeck (1996),"
            " p. 142"
        ),
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        tags=("multimodal", "nonsmooth"),
        start_loss="7.67451" if dim == 2 else "",
    )
