"""Penalty function I: a steep shell, and on it a slope a hundred thousand times weaker."""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem

WEAK = 1e-5


def shell(x, g, loss):
    """1e-5 sum over i of (x[i] - 1)**2, + (sum over i of x[i]**2 - 1/4)**2."""
    n, lanes = x.shape
    off = np.zeros_like(loss)
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            left = a - 1.0
            loss[lane] += WEAK * left * left
            off[lane] += a * a
    for lane in range(lanes):
        off[lane] -= 0.25
        loss[lane] += off[lane] * off[lane]
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            g[i, lane] = 2.0 * WEAK * (a - 1.0) + 4.0 * off[lane] * a


def coordinate(dim: int) -> float:
    """The t > 0 of the minimizer (t, ..., t): WEAK (t - 1) + 2 t (dim t**2 - 1/4) = 0, by Newton's
    method from above.
    """
    t = 1.0
    for _ in range(100):
        t -= (WEAK * (t - 1.0) + 2.0 * t * (dim * t * t - 0.25)) / (WEAK + 6.0 * dim * t * t - 0.5)
    return t


@problem(ladder=[{"dim": 4}, {"dim": 10}])
def penalty_one(dim=10):
    """Penalty function I of `dim` variables: a run falls to the shell |x| = 1/2, then moves along
    it to equal coordinates.

    Gill, Murray & Pitfield (1972), The implementation of two revised quasi-Newton algorithms for
    unconstrained optimization, National Physical Laboratory report NAC 11; More, Garbow & Hillstrom
    (1981), ACM TOMS 7(1), problem 23.
    """
    if dim < 1:
        raise InputError(f"penalty_one[dim={dim}]: dim must be at least 1")
    t = coordinate(dim)
    lowest = WEAK * dim * (t - 1.0) ** 2 + (dim * t * t - 0.25) ** 2
    return Problem(
        formula=shell,
        center=np.arange(1.0, dim + 1.0),
        spread=0.1,
        budget=10_000,
        source=(
            "Gill, Murray & Pitfield (1972), NPL report NAC 11; More, Garbow & Hillstrom (1981),"
            " ACM TOMS 7(1), problem 23"
        ),
        minimum=lowest,
        minimizers=np.full((1, dim), t),
        levels=tuple(
            lowest + gap for gap in (1e-1, 1e-3, 1e-5)
        ),  # shares of the start's gap would all lie off the shell
        start_loss={4: "885.063", 10: "148032.6"}.get(dim, ""),
        least_loss={4: "2.249977501e-5", 10: "7.087651467e-5"}.get(dim, ""),
    )
