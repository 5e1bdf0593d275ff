"""Rosenbrock's valley with a new random slope at each step."""

import numpy as np

from ...kernels.jit import jit
from ...kernels.random import NOISE
from ..analytic.rosenbrock import valley
from ..noise import add_tilt
from ..registry import problem
from .tilted import tilted_problem

plain = jit(valley)


def tilted_valley(x, g, loss, data, seeds, step):
    """100 (v - u**2)**2 + (1 - u)**2 with (u, v) = x, and at steps from 1 the tilt data[0] (xi_1 u
    + xi_2 v).
    """
    plain(x, g, loss)
    if step > 0:
        add_tilt(x, g, loss, data[0], NOISE, seeds, step)


@problem
def noisy_rosenbrock(level=1.0):
    """Rosenbrock's function of two variables plus level (xi_1 u + xi_2 v), xi standard normal and
    new at each step.

    Schneider, Balles & Hennig (2019), DeepOBS, ICLR, arXiv:1903.05499, "2D Rosenbrock", for the
    start (-0.5, 1.5). There xi is the mean over a mini-batch of B from 10 000 pairs drawn once,
    which is a level of 1 / sqrt(B).
    """
    return tilted_problem(
        "noisy_rosenbrock",
        level,
        "Rosenbrock (1960), Computer Journal 3(3)",
        formula=tilted_valley,
        center=np.array([-0.5, 1.5]),
        spread=0.1,
        budget=2000,
        minimum=0.0,
        minimizers=np.ones((1, 2)),
        taus=(1e-1, 1e-3, 1e-4),
    )
