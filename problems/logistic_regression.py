"""Regularised logistic regression on the breast cancer data, in mini-batches."""

import numpy as np

from ..kernels.grammar import InputError
from .dense import dense_problem
from .registry import problem
from .split import split, standardised


def newton(inputs: np.ndarray, target: np.ndarray, l2: float) -> tuple[float, np.ndarray]:
    """The minimum and minimizer (weights, then bias) of mean log loss + l2/2 |weights|**2, by damped Newton steps.

    inputs : (N, d).  target : (N,), 0 or 1. The objective is strongly convex in the weights, so there is one.
    """
    design = np.hstack([inputs, np.ones((len(inputs), 1))])
    penalty = np.append(np.full(inputs.shape[1], l2), 0.0)

    def objective(w):
        z = design @ w
        return float(np.mean(np.logaddexp(0.0, z) - target * z) + 0.5 * np.sum(penalty * w**2))

    w = np.zeros(design.shape[1])
    value = objective(w)
    for _ in range(100):
        p = 0.5 * (1.0 + np.tanh(0.5 * (design @ w)))
        slope = design.T @ (p - target) / len(target) + penalty * w
        hessian = (design.T * (p * (1 - p))) @ design / len(target) + np.diag(penalty)
        direction, length = np.linalg.solve(hessian, slope), 1.0
        while objective(w - length * direction) > value + 1e-15 and length > 1e-10:
            length /= 2
        w = w - length * direction
        value = objective(w)
        if np.abs(direction).max() < 1e-13:
            break
    return value, w


@problem
def logistic_regression(batch=64, l2=1e-3):
    """Mean log loss of a linear model with intercept, plus l2/2 |weights|**2, on scikit-learn's breast cancer data.

    Street, Wolberg & Mangasarian (1993), SPIE 1905, 861-870: 30 inputs, standardised, 455 of
    569 rows. Without the penalty the
    classes can be separated and there is no minimum. f* by Newton. batch=0 takes all rows at each step.
    Metric: accuracy on the 114 rows held out.
    """
    if not 0 <= batch <= 455 or l2 <= 0:
        raise InputError(f"logistic_regression[batch={batch},l2={l2}]: batch goes from 0 to 455, l2 must be positive")
    from sklearn.datasets import load_breast_cancer

    inputs, target, *held_out = split(*map(np.asarray, load_breast_cancer(return_X_y=True)))
    inputs, held_out[0] = standardised(inputs, held_out[0])
    minimum, minimizer = newton(inputs, target[:, 0], l2)
    return dense_problem(
        [30, 1],
        "identity",
        "binary_cross_entropy",
        inputs,
        target,
        scale=lambda fan_in: fan_in**-0.5,
        l2=l2,
        budget=2000,
        source="Street, Wolberg & Mangasarian (1993), SPIE 1905, 861-870; scikit-learn's breast cancer",
        minimum=minimum,
        minimizers=minimizer[None],
        held_out=held_out,
        kind="regression",
        batch=batch,
        taus=(1e-1, 1e-2, 1e-3),
    )
