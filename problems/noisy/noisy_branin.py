"""Branin's function with a new random slope at each step."""

import numpy as np

from ...kernels.jit import jit
from ...kernels.random import NOISE
from ..analytic.branin import HEIGHT, basins
from ..noise import add_tilt
from ..registry import problem
from .tilted import tilted_problem

plain = jit(basins)


def tilted_basins(x, g, loss, data, seeds, step):
    """Branin's function of (u, v) = x, and at steps from 1 the tilt data[0] (xi_1 u + xi_2 v)."""
    plain(x, g, loss)
    if step > 0:
        add_tilt(x, g, loss, data[0], NOISE, seeds, step)


@problem
def noisy_branin(level=1.0):
    """Branin's function of two variables plus level (xi_1 u + xi_2 v), xi standard normal and new
    at each step.

    Schneider, Balles & Hennig (2019), DeepOBS, ICLR, arXiv:1903.05499, "2D Branin", for the start
    (2.5, 12.5). There xi is the mean over a mini-batch of B from 10 000 pairs drawn once, which is
    a level of 1 / sqrt(B). All minima are equally low.
    """
    return tilted_problem(
        "noisy_branin",
        level,
        "Branin (1972), IBM J. Res. Dev. 16(5), 504-522",
        formula=tilted_basins,
        center=np.array([2.5, 12.5]),
        spread=0.5,
        budget=1000,
        minimum=10.0 - HEIGHT,
        minimizers=np.array([[np.pi, 2.275], [-np.pi, 12.275], [3.0 * np.pi, 2.475]]),
        start_loss="95.8447",
        least_loss="0.3978873577",
    )
