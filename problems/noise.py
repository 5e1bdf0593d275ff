"""Random numbers for gradient noise, a row of lanes at a time, and the simplest use of them: a
tilt.
"""

from math import sqrt

import numpy as np

from ..kernels.jit import jit
from ..kernels.random import normal


@jit
def normals(seeds, stream, step, index, into):
    """into (L,) = each lane's standard normal number of (stream, step, index)."""
    for lane in range(seeds.size):
        # a sweep's lanes of one seed stand side by side: one draw for all of them
        if lane > 0 and seeds[lane] == seeds[lane - 1]:
            into[lane] = into[lane - 1]
        else:
            into[lane] = normal(seeds[lane], stream, step, index)


@jit
def students(seeds, stream, step, index, into):
    """into (L,) = each lane's number of (stream, step, index) from Student's t distribution with 2
    degrees of freedom.

    Its variance is infinite. It is made of three normal numbers, the first with four times the
    index.
    """
    draws = np.empty((3, into.size))
    for k in range(3):  # a call each would treble the compile time
        normals(seeds, stream, step, 4 * index + k, draws[k])
    for lane in range(into.size):
        into[lane] = draws[0, lane] / sqrt(
            0.5 * (draws[1, lane] * draws[1, lane] + draws[2, lane] * draws[2, lane])
        )


@jit
def add_tilt(x, g, loss, level, stream, seeds, step):
    """The loss gets level * xi'x and the gradient level * xi, xi standard normal of (seed, step).

    stream : one of kernels/random.py, so that a problem's own noise and a transform's differ.
    """
    xi = np.empty_like(loss)
    for i in range(x.shape[0]):
        normals(seeds, stream, step, i, xi)
        for lane in range(x.shape[1]):
            g[i, lane] += level * xi[lane]
            loss[lane] += level * xi[lane] * x[i, lane]
