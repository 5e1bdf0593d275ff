"""Least squares on the diabetes data: a convex quadratic whose spectrum is real."""

import numpy as np

from .dense import dense_problem
from .registry import problem


def standardised(columns: np.ndarray) -> np.ndarray:
    """Each column with mean 0 and standard deviation 1."""
    return (columns - columns.mean(axis=0)) / columns.std(axis=0)


@problem
def linear_regression():
    """Mean squared error of a linear model with intercept on scikit-learn's diabetes data, all 442 rows at each step.

    Efron, Hastie, Johnstone & Tibshirani (2004), Annals of Statistics 32(2), 407-499. Inputs and target are
    standardised; f* by least squares.
    """
    from sklearn.datasets import load_diabetes

    inputs, target = map(np.asarray, load_diabetes(return_X_y=True, scaled=False))
    inputs, target = standardised(inputs), standardised(target)[:, None]
    design = np.hstack([inputs, np.ones((len(inputs), 1))])
    solution = np.linalg.lstsq(design, target, rcond=None)[0]
    return dense_problem(
        [10, 1],
        "identity",
        "mean_squared_error",
        inputs,
        target,
        scale=lambda fan_in: fan_in**-0.5,
        budget=2000,
        source="Efron et al. (2004), Annals of Statistics 32(2), 407-499; scikit-learn's diabetes",
        minimum=float(np.mean((design @ solution - target) ** 2)),
        minimizers=solution.T,
    )
