"""Newton's method for linear models: f* and its minimizer in double precision, where a regression
is made.
"""

from collections.abc import Callable

import numpy as np


def newton(
    inputs: np.ndarray, curve: Callable, l2: float, units: int = 1
) -> tuple[float, np.ndarray]:
    """The minimum and minimizer (weights, then biases) of a linear model's mean loss + l2/2
    |weights|**2, by damped steps.

    inputs : (N, d).  curve : outputs (N, units) -> losses (N,), their slopes (N, units) and
    curvatures (N, units, units); convex.  Of several units the loss must not see a number added to
    all outputs: the minimizer's biases then sum to 0.
    """
    design = np.hstack([inputs, np.ones((len(inputs), 1))])
    penalty = np.repeat(np.append(np.full(inputs.shape[1], l2), 0.0), units)
    unseen = np.zeros(penalty.size)
    unseen[-units:] = units > 1

    def objective(w):
        losses, slopes, curvatures = curve(design @ w.reshape(-1, units))
        value = float(np.mean(losses) + 0.5 * np.sum(penalty * w**2))
        return value, (design.T @ slopes).ravel() / len(design) + penalty * w, curvatures

    w = np.zeros(penalty.size)
    value, slope, curvatures = objective(w)
    for _ in range(100):
        # the slope has no part along what the loss doesn't see: curvature added there makes the
        # Hessian regular, no step longer
        hessian = np.diag(penalty) + np.outer(unseen, unseen)
        for i in range(units):
            for j in range(units):
                hessian[i::units, j::units] += (
                    (design.T * curvatures[:, i, j]) @ design / len(design)
                )
        direction, length = np.linalg.solve(hessian, slope), 1.0
        decrease = slope @ direction
        while length > 1e-10 and objective(w - length * direction)[0] > value + 1e-14 * max(
            1.0, abs(value)
        ):
            length /= 2
        w = w - length * direction
        value, slope, curvatures = objective(w)
        if decrease < 1e-25 * max(1.0, abs(value)):
            break
    return value, w
