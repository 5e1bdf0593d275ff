"""A convex quadratic with log-uniform spectrum, along the axes or rotated: the pair shows a rule's love of axes."""

import numpy as np

from ..kernels import random
from ..kernels.grammar import InputError
from .problem import Problem, problem


def bowl(x, g, loss, data):
    """f(x) = 1/2 sum over i of data[i] x[i]**2."""
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            g[i, lane] = data[i] * x[i, lane]
            loss[lane] += 0.5 * g[i, lane] * x[i, lane]


def rotated_bowl(x, g, loss, data):
    """f(x) = 1/2 x'Qx with Q (n, n) in data, row by row."""
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            g[i, lane] = data[i * n] * x[0, lane]
        for j in range(1, n):
            for lane in range(lanes):
                g[i, lane] += data[i * n + j] * x[j, lane]
        for lane in range(lanes):
            loss[lane] += 0.5 * g[i, lane] * x[i, lane]


@problem(variants=[{"rotated": True}])
def quadratic(dim=10, condition=100.0, rotated=False):
    """f(x) = 1/2 x'Qx, eigenvalues from 1/condition to 1, evenly spaced on a log scale; `rotated` by a fixed rotation.

    The rotation is the Q factor of a Gaussian matrix, signs fixed (Stewart 1980, SIAM J. Numer. Anal. 17(3)), so Haar
    distributed. Seed 0 starts at eigen-coordinates from 1 to 2: unequal, or one step of a sign-like rule with the right lr
    would land on the minimum.
    """
    if dim < 1 or condition < 1:
        raise InputError(f"quadratic[condition={condition},dim={dim}]: dim and condition must be at least 1")
    eigenvalues = condition ** -np.linspace(1.0, 0.0, dim) if dim > 1 else np.ones(1)
    center, data = np.linspace(1.0, 2.0, dim), eigenvalues
    if rotated:
        columns = random.start_normals(random.mix("quadratic rotation", np.arange(dim)), dim)
        q, r = np.linalg.qr(columns)
        rotation = q * np.sign(np.diag(r))
        center, data = rotation @ center, ((rotation * eigenvalues) @ rotation.T).ravel()
    return Problem(
        formula=rotated_bowl if rotated else bowl,
        center=center,
        spread=0.3,
        budget=1000,
        source="log-uniform spectrum; Nocedal & Wright (2006), Numerical Optimization, section 3.3",
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        data=data,
    )
