"""Penalty function II: a steep weighted shell, and on it exponentials a hundred thousand times
weaker.
"""

import numpy as np

from ...kernels.elementary import exp
from ...kernels.grammar import InputError
from ..data_set import DataSet
from ..problem import Problem
from ..registry import problem

WEAK = 1e-5


def weighted_shell(x, g, loss, data):
    """(x_1 - 0.2)**2 + (sum over i = 1 ... n of (n - i + 1) x_i**2 - 1)**2, and 1e-5 times the sum
    over i = 2 ... n of.

    (e**(x_i / 10) + e**(x_{i-1} / 10) - y_i)**2 + (e**(x_i / 10) - e**(-1 / 10))**2; data : y_2 ...
    y_n, e**(-1 / 10).
    """
    n, lanes = x.shape
    off = np.full_like(loss, -1.0)
    e = np.empty((n, lanes), loss.dtype)
    for i in range(n):
        weight = float(n - i)
        for lane in range(lanes):
            a = float(x[i, lane])
            off[lane] += weight * a * a
            e[i, lane] = exp(0.1 * a)
    for lane in range(lanes):
        left = float(x[0, lane]) - 0.2
        loss[lane] = left * left + off[lane] * off[lane]
        g[0, lane] = 2.0 * left + 4.0 * n * off[lane] * float(x[0, lane])
    for i in range(1, n):
        y, low, weight = data[i - 1], data[n - 1], float(n - i)
        for lane in range(lanes):
            a, before = e[i, lane], e[i - 1, lane]
            both, own = a + before - y, a - low
            loss[lane] += WEAK * (both * both + own * own)
            g[i - 1, lane] += 0.2 * WEAK * both * before
            g[i, lane] = 0.2 * WEAK * (both + own) * a + 4.0 * weight * off[lane] * float(
                x[i, lane]
            )


def least(dim: int, wanted: np.ndarray) -> tuple[float, np.ndarray]:
    """(f*, the minimizer (dim,)) by Newton's method, damped as Levenberg and Marquardt do; wanted :
    the formula's data.
    """
    weak, weights = WEAK**0.5, np.arange(dim, 0.0, -1.0)

    def residuals(x):
        e = np.exp(x / 10.0)
        return np.concatenate(
            [
                [x[0] - 0.2],
                weak * (e[1:] + e[:-1] - wanted[:-1]),
                weak * (e[1:] - wanted[-1]),
                [weights @ x**2 - 1.0],
            ]
        )

    x, damping = np.full(dim, 0.5), 1.0
    for _ in range(300):
        r, slope = residuals(x), 0.1 * weak * np.exp(x / 10.0)
        own = np.diag(slope)
        slopes = np.concatenate(
            [np.eye(1, dim), own[1:] + own[:-1], own[1:], 2.0 * (weights * x)[None, :]]
        )
        tied, single = r[1:dim], r[dim:-1]
        bend = (
            0.1 * slope * (np.append(0.0, tied + single) + np.append(tied, 0.0))
            + 2.0 * weights * r[-1]
        )
        trial = x - np.linalg.solve(slopes.T @ slopes + np.diag(bend + damping), slopes.T @ r)
        better = residuals(trial) @ residuals(trial) <= r @ r
        x, damping = (trial, damping / 3.0) if better else (x, damping * 4.0)
    return float(residuals(x) @ residuals(x)), x


@problem(ladder=[{"dim": 4}, {"dim": 10}])
def penalty_two(dim=10):
    """Penalty function II of `dim` variables: a run falls to a shell, then moves along it, where
    the loss hardly falls.

    Gill, Murray & Pitfield (1972), The implementation of two revised quasi-Newton algorithms for
    unconstrained optimization, National Physical Laboratory report NAC 11; More, Garbow & Hillstrom
    (1981), ACM TOMS 7(1), problem 24.
    """
    if dim < 2:
        raise InputError(f"penalty_two[dim={dim}]: dim must be at least 2")
    e = np.exp(np.arange(1.0, dim + 1.0) / 10.0)
    wanted = np.append(e[1:] + e[:-1], np.exp(-0.1))
    lowest, x = least(dim, wanted)
    return Problem(
        formula=weighted_shell,
        center=np.full(dim, 0.5),
        spread=0.1,
        budget=5000,
        source=(
            "Gill, Murray & Pitfield (1972), NPL report NAC 11; More, Garbow & Hillstrom (1981),"
            " ACM TOMS 7(1), problem 24"
        ),
        data_set=DataSet(wanted),
        minimum=lowest,
        minimizers=x[None, :],
        levels=tuple(
            lowest + gap for gap in (1e-1, 1e-3, 1e-5)
        ),  # shares of the start's gap would all lie off the shell
        start_loss={4: "2.34001", 10: "162.653"}.get(dim, ""),
        least_loss={4: "9.376293e-6", 10: "2.936605e-4"}.get(dim, ""),
    )
