"""The condition number of a problem at its minimum: exact second derivatives where complex steps
give them.
"""

import math

import numpy as np

from ...problems.problem import Problem
from . import derivatives

LARGEST = 200
"""Coordinates up to which the matrix of second derivatives is made."""
RELIABLE = 1e15
"""Condition numbers above it are rounding."""


def hessian(problem: Problem, x: np.ndarray) -> np.ndarray:
    """The second derivatives of the objective at x (n,): (n, n), by complex steps of the gradient,
    else by differences.
    """
    try:
        matrix = derivatives.complex_gradients(problem, x, np.arange(x.size))[1]
    except LookupError:
        h = 1e-5 * np.maximum(1.0, np.abs(x))
        moves = np.diag(h)
        sides = [
            np.array([problem.value_and_grad(x + side * move)[1] for move in moves])
            for side in (1, -1)
        ]
        matrix = (sides[0] - sides[1]) / (2 * h[:, None])
    return 0.5 * (matrix + matrix.T)


def condition(problem: Problem) -> float | None:
    """The largest over the least eigenvalue at the first minimizer; inf where the least is 0 to
    rounding.

    None where no minimizer is known, the gradient jumps or isn't finite there, or there are more
    than LARGEST coordinates.
    """
    if problem.minimizers is None or "nonsmooth" in problem.tags or problem.dim > LARGEST:
        return None
    matrix = hessian(problem, problem.minimizers[0])
    if not np.isfinite(matrix).all():
        return None
    values = np.linalg.eigvalsh(matrix)
    if not values[-1] > 0 or values[0] < values[-1] / RELIABLE:
        return math.inf
    return float(values[-1] / values[0])


def text(number: float | None) -> str:
    """The condition number in three digits, "singular" for inf, "–" where it isn't known."""
    return "–" if number is None else "singular" if math.isinf(number) else f"{number:.3g}"
