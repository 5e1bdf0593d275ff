"""Least squares on the diabetes data: a convex quadratic whose spectrum is real."""

import numpy as np

from ..dense import dense_problem
from ..registry import problem
from ..split import split, standardised
from ..tables import table


@problem
def linear_regression():
    """Mean squared error of a linear model with intercept on scikit-learn's diabetes data, all 354
    rows at each step.

    Efron, Hastie, Johnstone & Tibshirani (2004), Annals of Statistics 32(2), 407-499. Inputs and
    target are standardised; f* by least squares. Metric: R² on the 88 rows held out.
    """
    inputs, target, *held_out = split(*table("diabetes"))
    (inputs, held_inputs), (target, held_target) = (
        standardised(inputs, held_out[0]),
        standardised(target, held_out[1]),
    )
    design = np.hstack([inputs, np.ones((len(inputs), 1))])
    solution = np.linalg.lstsq(design, target, rcond=None)[0]
    return dense_problem(
        [10, 1],
        "identity",
        "mean_squared_error",
        inputs,
        target,
        budget=1000,
        source="Efron et al. (2004), Annals of Statistics 32(2), 407-499; scikit-learn's diabetes",
        minimum=float(np.mean((design @ solution - target) ** 2)),
        minimizers=solution.T,
        held_out=(held_inputs, held_target),
        kind="regression",
    )
