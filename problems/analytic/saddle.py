"""Nesterov's saddle between two minima, with the start beside the ridge that leads onto it: getting
away is the task.
"""

from math import sqrt

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def two_sides(x, g, loss):
    """a b + (a - b)**4 / 16 with (a, b) = x.

    That is u**2 / 2 - v**2 / 2 + v**4 / 4 with u = (a + b) / sqrt(2), v = (a - b) / sqrt(2).
    """
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        apart = a - b
        cube = apart * apart * apart
        loss[lane] = a * b + cube * apart / 16.0
        g[0, lane] = b + 0.25 * cube
        g[1, lane] = a - 0.25 * cube


@problem(variants=[{"near": 1e-6}], ladder=[{"near": 1e-1}, {"near": 1e-3}, {"near": 1e-6}])
def saddle(near=1e-3):
    """Nesterov's example of a saddle at 0 between two minima, turned by 45 degrees; `near` is half
    the start's a - b.

    Nesterov (2004), Introductory Lectures on Convex Optimization, Kluwer, example 1.2.2. From a = b
    gradient descent ends in the saddle, which lies 1/4 above both minima; the nearer the start is
    to that line, the longer a run stays. Along the axes, where Nesterov has it, a rule that scales
    each coordinate for itself would step off the ridge at once.
    """
    if not 0.0 < near < 1.0:
        raise InputError(f"saddle[near={near}]: near must lie between 0 and 1")
    lowest = np.array([sqrt(0.5), -sqrt(0.5)])
    return Problem(
        formula=two_sides,
        # no learning rate of a grid divides 4/3: a rule that steps by the sign alone would land on
        # the saddle, and leave
        center=np.array([4.0 / 3.0 + near, 4.0 / 3.0 - near]),
        spread=0.1 * near,
        budget=1000,
        source=(
            "Nesterov (2004), Introductory Lectures on Convex Optimization, Kluwer, example 1.2.2"
        ),
        minimum=-0.25,
        minimizers=np.stack([lowest, -lowest]),
        tags=("multimodal",),
    )
