"""Poisson regression on the diabetes data: a convex loss whose curvature grows with the prediction,
without bound.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..newton import newton
from ..registry import problem
from ..split import split, standardised
from ..tables import table

UNIT = 50.0


@problem
def poisson_regression(batch=0):
    """Mean Poisson loss e**z - y z of a linear model z with intercept on scikit-learn's diabetes
    data.

    Nelder & Wedderburn (1972), Journal of the Royal Statistical Society A 135(3), 370-384. The
    target, a score from 25 to 346, is counted in fifties: the log means are then of order 1, as the
    starts are. As it stands they were about 5, and the curvature e**z would be 150 times the
    start's at the minimum. f* by Newton. batch=0 takes all 354 rows at each step. Metric: R² on the
    88 rows held out.
    """
    if not 0 <= batch <= 354:
        raise InputError(f"poisson_regression[batch={batch}]: batch goes from 0 to 354")
    inputs, target, *held_out = split(*table("diabetes"))
    (inputs, held_inputs), target, held_target = (
        standardised(inputs, held_out[0]),
        target / UNIT,
        held_out[1] / UNIT,
    )

    def poisson(z):
        mean = np.exp(z)
        return mean - target * z, mean - target, mean[:, :, None]

    minimum, minimizer = newton(inputs, poisson, 0.0)
    return dense_problem(
        [10, 1],
        "identity",
        "poisson",
        inputs,
        target,
        budget=600 if batch else 2000,
        source=(
            "Nelder & Wedderburn (1972), J. R. Statist. Soc. A 135(3), 370-384; scikit-learn's"
            " diabetes"
        ),
        minimum=minimum,
        minimizers=minimizer[None],
        held_out=(held_inputs, held_target),
        kind="regression",
        batch=batch,
        taus=(1e-1, 3e-2, 1e-2) if batch else (1e-1, 1e-3, 1e-5),
    )
