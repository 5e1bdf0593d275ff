"""How far a gradient is from the derivatives of its loss, and how far it may be."""

from collections.abc import Callable

import numpy as np

from ...problems.problem import Problem
from . import derivatives
from .requirement import require

COMPARED = 40
"""Coordinates, drawn at random from more, in which a gradient is compared."""


def complex_error(problem: Problem, x: np.ndarray, random: np.random.Generator) -> float:
    """The largest error against complex steps, relative to the gradient.

    Raises Unmet above 1e-11, LookupError where Python can't run the formula on complex numbers.
    """
    coordinates = random.permutation(x.size)[:COMPARED]
    g = problem.value_and_grad(x)[1]
    exact = derivatives.complex_step(problem, x, coordinates)
    scale = max(float(np.abs(g).max()), 1e-300)
    worst = float(np.abs(exact - g[coordinates]).max() / scale)
    require(
        worst <= 1e-11,
        f"the gradient at {x[:5]} is {g[coordinates][:5]} where complex steps give {exact[:5]}",
    )
    return worst


def gradient_error(evaluate: Callable, x: np.ndarray, random: np.random.Generator) -> float:
    """The largest error against differences, relative to the gradient; at a kink any slope between
    both sides will do.

    Raises Unmet for an entry that is wrong by more than differences are.
    """
    loss, g = evaluate(x)
    scale, worst = max(float(np.abs(g).max()), 1e-3 * abs(loss), 1e-10), 0.0
    for i in random.permutation(x.size)[:COMPARED]:
        before, central, after = derivatives.central(evaluate, x, i)
        low, high = sorted((before, after))
        at_kink = high - low > 1e-2 * scale and low <= g[i] <= high
        error = 0.0 if at_kink else abs(g[i] - central)
        require(
            error <= 1e-5 * abs(central) + 1e-6 * scale,
            f"g[{i}] is {g[i]:.6g} where differences give {central:.6g}, at a point with loss"
            f" {loss:.6g}",
        )
        worst = max(worst, error / scale)
    return worst
