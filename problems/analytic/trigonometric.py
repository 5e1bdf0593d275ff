"""The trigonometric function: equations in sines and cosines whose sum couples all variables."""

import numpy as np

from ...kernels.elementary import cos, sin
from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def waves(x, g, loss):
    """sum over i = 1 ... n of r_i**2, r_i = sum over j of (1 - cos x_j) + i (1 - cos x_i) - sin
    x_i.
    """
    n, lanes = x.shape
    shared = np.zeros_like(loss)
    total = np.zeros_like(loss)
    for i in range(n):
        weight = float(i + 1)
        for lane in range(lanes):
            a = float(x[i, lane])
            low = 1.0 - cos(a)
            shared[lane] += low
            total[lane] += weight * low - sin(a)
    for lane in range(lanes):
        loss[lane] = 0.0
        total[lane] += (
            n * shared[lane]
        )  # now the sum of all r_i, which is all that the shared sum's gradient needs
    for i in range(n):
        weight = float(i + 1)
        for lane in range(lanes):
            a = float(x[i, lane])
            s, c = sin(a), cos(a)
            r = shared[lane] + weight * (1.0 - c) - s
            loss[lane] += r * r
            g[i, lane] = 2.0 * (total[lane] * s + r * (weight * s - c))


@problem
def trigonometric(dim=10):
    """The trigonometric function of `dim` variables.

    Spedicato (1975), Computational experience with quasi-Newton algorithms for minimization
    problems of moderately large size, CISE report N-175, Segrate; More, Garbow & Hillstrom (1981),
    ACM TOMS 7(1), problem 26. In ten dimensions the way downhill from the start ends in a local
    minimum of 2.795056e-5; a run that reaches 0 has stepped over the ridge on the way. The
    minimizer 0 repeats at multiples of 2 pi in each coordinate.
    """
    if dim < 1:
        raise InputError(f"trigonometric[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=waves,
        center=np.full(dim, 1.0 / dim),
        spread=0.1 / dim,
        budget=300,
        source=(
            "Spedicato (1975), CISE report N-175; More, Garbow & Hillstrom (1981), ACM TOMS 7(1),"
            " problem 26"
        ),
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        taus=(1e-1, 1e-3, 1e-6),
        tags=("multimodal",),
        start_loss="7.0758e-3" if dim == 10 else "",
    )
