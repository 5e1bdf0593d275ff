"""Beale's function with a new random slope at each step."""

import numpy as np

from ...kernels.jit import jit
from ...kernels.random import NOISE
from ..analytic.beale import corners
from ..noise import add_tilt
from ..registry import problem
from .tilted import tilted_problem

plain = jit(corners)


def tilted_corners(x, g, loss, data, seeds, step):
    """Beale's function of (u, v) = x, and at steps from 1 the tilt data[0] (xi_1 u + xi_2 v)."""
    plain(x, g, loss)
    if step > 0:
        add_tilt(x, g, loss, data[0], NOISE, seeds, step)


@problem
def noisy_beale(level=1.0):
    """Beale's function of two variables plus level (xi_1 u + xi_2 v), xi standard normal and new at
    each step.

    Schneider, Balles & Hennig (2019), DeepOBS, ICLR, arXiv:1903.05499, "2D Beale", for the start
    (-4.5, 4.5), where the gradient is 1e6, which Adam's second moment remembers for longer than the
    budget lasts. There xi is the mean over a mini-batch of B from 10 000 pairs drawn once, which is
    a level of 1 / sqrt(B).
    """
    return tilted_problem(
        "noisy_beale",
        level,
        "Beale (1958)",
        formula=tilted_corners,
        center=np.array([-4.5, 4.5]),
        spread=0.1,
        budget=5000,
        minimum=0.0,
        minimizers=np.array([[3.0, 0.5]]),
        taus=(1e-2, 1e-4, 3e-7),
    )
