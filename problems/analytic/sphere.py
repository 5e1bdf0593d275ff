"""The sphere: the easiest problem there is, a sum of squares."""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def squares(x, g, loss):
    """sum over i of x[i]**2."""
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            loss[lane] += a * a
            g[i, lane] = 2.0 * a


@problem
def sphere(dim=10):
    """The sum of squares of `dim` variables, perfectly conditioned: it shows how fast a rule is
    when nothing is hard.

    De Jong (1975), An analysis of the behavior of a class of genetic adaptive systems, University
    of Michigan, function F1. Seed 0 starts at unequal coordinates from 1 to 2: from equal ones, one
    step of a sign-like rule with the right lr would land on the minimum. One step of sgd with lr
    0.5 does so from anywhere.
    """
    if dim < 1:
        raise InputError(f"sphere[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=squares,
        center=np.linspace(1.0, 2.0, dim),
        spread=0.3,
        budget=200,
        source="De Jong (1975), dissertation, University of Michigan, function F1",
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
    )
