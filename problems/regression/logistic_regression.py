"""Regularised logistic regression on the breast cancer data, in mini-batches."""

import numpy as np

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..newton import newton
from ..registry import problem
from ..split import split, standardised
from ..tables import table


@problem
def logistic_regression(batch=64, l2=1e-3):
    """Mean log loss of a linear model with intercept, plus l2/2 |weights|**2, on scikit-learn's
    breast cancer data.

    Street, Wolberg & Mangasarian (1993), SPIE 1905, 861-870: 30 inputs, standardised, 455 of
    569 rows. Without the penalty the classes can be separated and there is no minimum. f* by
    Newton. batch=0 takes all rows at each step. Metric: accuracy on the 114 rows held out.
    """
    if not 0 <= batch <= 455 or l2 <= 0:
        raise InputError(
            f"logistic_regression[batch={batch},l2={l2}]: batch goes from 0 to 455, l2 must be"
            " positive"
        )
    inputs, target, *held_out = split(*table("breast_cancer"))
    inputs, held_out[0] = standardised(inputs, held_out[0])

    def log_loss(z):
        p = 0.5 * (1.0 + np.tanh(0.5 * z))
        return np.logaddexp(0.0, z) - target * z, p - target, (p * (1 - p))[:, :, None]

    minimum, minimizer = newton(inputs, log_loss, l2)
    return dense_problem(
        [30, 1],
        "identity",
        "binary_cross_entropy",
        inputs,
        target,
        l2=l2,
        budget=600,
        source=(
            "Street, Wolberg & Mangasarian (1993), SPIE 1905, 861-870; scikit-learn's breast cancer"
        ),
        minimum=minimum,
        minimizers=minimizer[None],
        held_out=held_out,
        kind="regression",
        batch=batch,
        taus=(1e-1, 1e-2, 1e-3),
    )
