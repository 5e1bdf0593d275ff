"""Styblinski & Tang's function: along each axis a quartic with a good minimum and a worse one."""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem

LOWEST = -2.903534027771177  # a root of 4 a**3 - 32 a + 5


def quartics(x, g, loss):
    """1/2 sum over i of x[i]**4 - 16 x[i]**2 + 5 x[i]."""
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            square = a * a
            loss[lane] += 0.5 * (square * (square - 16.0) + 5.0 * a)
            g[i, lane] = a * (2.0 * square - 16.0) + 2.5


@problem
def styblinski_tang(dim=2):
    """Styblinski & Tang's function of `dim` variables.

    Styblinski & Tang (1990), Experiments in nonconvex optimization: stochastic approximation with
    function smoothing and simulated annealing, Neural Networks 3(4), 467-483. Each coordinate has a
    second, local minimum at 2.746803, worse by 14.137, on the far side of a maximum at 0.156731;
    downhill from the start 0 is the right way. All coordinates of that start are equal, so from
    seed 0 any `dim` takes the path of one variable; other seeds differ.
    """
    if dim < 1:
        raise InputError(f"styblinski_tang[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=quartics,
        center=np.zeros(dim),
        spread=0.1,
        budget=200,
        source="Styblinski & Tang (1990), Neural Networks 3(4), 467-483",
        minimum=-39.16616570377141 * dim,
        minimizers=np.full((1, dim), LOWEST),
        taus=(1e-1, 1e-3, 1e-6),
        tags=("multimodal",),
        start_loss="0",
        least_loss={1: "-39.16616570", 2: "-78.33233141"}.get(dim, ""),
    )
