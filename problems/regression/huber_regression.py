"""Huber's robust regression on the diabetes data: quadratic near zero, with slopes that outliers
can't raise.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..newton import newton
from ..registry import problem
from ..split import split, standardised
from ..tables import table


@problem
def huber_regression(batch=0):
    """Mean Huber loss with delta 1 of a linear model with intercept on scikit-learn's diabetes
    data.

    Huber (1964), Annals of Mathematical Statistics 35(1), 73-101: r**2 / 2 for |r| <= 1, |r| - 1/2
    beyond. Inputs and target are standardised, so a residual of 1 is the target's standard
    deviation. f* by Newton. batch=0 takes all 354 rows at each step. Metric: R² on the 88 rows held
    out.
    """
    if not 0 <= batch <= 354:
        raise InputError(f"huber_regression[batch={batch}]: batch goes from 0 to 354")
    inputs, target, *held_out = split(*table("diabetes"))
    (inputs, held_inputs), (target, held_target) = (
        standardised(inputs, held_out[0]),
        standardised(target, held_out[1]),
    )

    def huber(z):
        r = z - target
        near = np.abs(r) <= 1
        return (
            np.where(near, 0.5 * r**2, np.abs(r) - 0.5),
            np.clip(r, -1, 1),
            near[:, :, None].astype(float),
        )

    minimum, minimizer = newton(inputs, huber, 0.0)
    return dense_problem(
        [10, 1],
        "identity",
        "huber",
        inputs,
        target,
        budget=600 if batch else 2000,
        source="Huber (1964), Ann. Math. Statist. 35(1), 73-101; scikit-learn's diabetes",
        minimum=minimum,
        minimizers=minimizer[None],
        held_out=(held_inputs, held_target),
        kind="regression",
        batch=batch,
        taus=(1e-1, 3e-2, 1e-2) if batch else (1e-1, 1e-3, 1e-5),
    )
