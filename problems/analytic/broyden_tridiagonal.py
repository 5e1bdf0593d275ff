"""Broyden's tridiagonal function: mild quadratic equations, each between neighbours."""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def neighbours(x, g, loss):
    """sum over i = 1 ... n of ((3 - 2 x_i) x_i - x_{i-1} - 2 x_{i+1} + 1)**2, with x_0 = x_{n+1} =
    0.
    """
    n, lanes = x.shape
    r = np.zeros((n + 2, lanes), loss.dtype)  # with a row of zeros at either end
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            r[i, lane] -= 2.0 * a
            r[i + 1, lane] += (3.0 - 2.0 * a) * a + 1.0
            r[i + 2, lane] = -a
    for lane in range(lanes):
        loss[lane] = 0.0
        r[0, lane] = 0.0
        r[n + 1, lane] = 0.0
    for i in range(n):
        for lane in range(lanes):
            a = float(x[i, lane])
            loss[lane] += r[i + 1, lane] * r[i + 1, lane]
            g[i, lane] = 2.0 * (
                r[i + 1, lane] * (3.0 - 4.0 * a) - 2.0 * r[i, lane] - r[i + 2, lane]
            )


def solution(dim: int) -> np.ndarray:
    """The zero (dim,) that Newton's method reaches from the start."""
    x = np.full(dim, -1.0)
    ties = np.eye(dim, k=-1) + 2.0 * np.eye(dim, k=1)
    for _ in range(20):
        x = x - np.linalg.solve(np.diag(3.0 - 4.0 * x) - ties, (3.0 - 2.0 * x) * x - ties @ x + 1.0)
    return x


@problem
def broyden_tridiagonal(dim=10):
    """Broyden's tridiagonal function of `dim` variables: well conditioned (9.6 at the minimum in 10
    dimensions).

    Broyden (1965), A class of methods for solving nonlinear simultaneous equations, Math. Comp. 19,
    577-593; More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 30. There is another zero at
    x[0] = 1.83, and further from the start many local minima with losses from 0.4 to 1.
    """
    if dim < 1:
        raise InputError(f"broyden_tridiagonal[dim={dim}]: dim must be at least 1")
    return Problem(
        formula=neighbours,
        center=np.full(dim, -1.0),
        spread=0.1,
        budget=500,
        source=(
            "Broyden (1965), Math. Comp. 19, 577-593; More, Garbow & Hillstrom (1981), ACM TOMS"
            " 7(1), problem 30"
        ),
        minimum=0.0,
        minimizers=solution(dim)[None, :],
        tags=("multimodal",),
        start_loss="21" if dim == 10 else "",
    )
