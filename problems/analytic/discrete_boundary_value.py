"""The discrete boundary value function: a nonlinear differential equation on a grid, as a sum of
squares.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def grid(x, g, loss):
    """sum over i = 1 ... n of (2 x_i - x_{i-1} - x_{i+1} + h**2 (x_i + i h + 1)**3 / 2)**2, h = 1 /
    (n + 1), 0 at both ends.
    """
    n, lanes = x.shape
    h = 1.0 / (n + 1)
    r = np.zeros((n + 2, lanes), loss.dtype)  # with a row of zeros at either end
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            u = a + (i + 1) * h + 1.0
            r[i, lane] -= a
            r[i + 1, lane] += 2.0 * a + 0.5 * h * h * u * u * u
            r[i + 2, lane] = -a
    for lane in range(lanes):
        loss[lane] = 0.0
        r[0, lane] = 0.0
        r[n + 1, lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            u = float(x[i, lane]) + (i + 1) * h + 1.0
            loss[lane] += r[i + 1, lane] * r[i + 1, lane]
            g[i, lane] = 2.0 * (
                r[i + 1, lane] * (2.0 + 1.5 * h * h * u * u) - r[i, lane] - r[i + 2, lane]
            )


def solution(dim: int) -> np.ndarray:
    """The grid's solution (dim,) by Newton's method."""
    h = 1.0 / (dim + 1)
    t = h * np.arange(1, dim + 1)
    stiff = 2.0 * np.eye(dim) - np.eye(dim, k=1) - np.eye(dim, k=-1)
    x = t * (t - 1.0)
    for _ in range(20):
        x = x - np.linalg.solve(
            stiff + np.diag(1.5 * (h * (x + t + 1.0)) ** 2),
            stiff @ x + 0.5 * h * h * (x + t + 1.0) ** 3,
        )
    return x


@problem(ladder=[{"dim": 3}, {"dim": 5}, {"dim": 10}])
def discrete_boundary_value(dim=10):
    """x'' = (x + t + 1)**3 / 2 with x(0) = x(1) = 0 on `dim` inner points; condition number ~
    dim**4.

    More & Cosnard (1979), Numerical solution of nonlinear equations, ACM TOMS 5(1), 64-85; More,
    Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 28.
    """
    if dim < 1:
        raise InputError(f"discrete_boundary_value[dim={dim}]: dim must be at least 1")
    t = np.arange(1.0, dim + 1.0) / (dim + 1)
    return Problem(
        formula=grid,
        center=t * (t - 1.0),
        spread=0.4 / (dim + 1) ** 2,  # the start's loss shrinks with the grid
        budget=5000,
        source=(
            "More & Cosnard (1979), ACM TOMS 5(1), 64-85; More, Garbow & Hillstrom (1981), ACM TOMS"
            " 7(1), problem 28"
        ),
        minimum=0.0,
        minimizers=solution(dim)[None, :],
        start_loss="7.885e-4" if dim == 10 else "",
    )
