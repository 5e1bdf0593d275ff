"""Ridge regression on the diabetes data: least squares whose penalty lifts the smallest
curvatures.
"""

import numpy as np

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..registry import problem
from ..split import split, standardised
from ..tables import table


@problem(variants=[{"batch": 32}])
def ridge_regression(batch=0, l2=0.1):
    """Mean squared error of a linear model with intercept, plus l2/2 |weights|**2, on
    scikit-learn's diabetes data.

    Hoerl & Kennard (1970), Technometrics 12(1), 55-67; the data are those of linear_regression,
    which is l2 = 0. The intercept carries no penalty. f* by solving the normal equations. batch=0
    takes all 354 rows at each step; in mini-batches targets stay where a constant learning rate can
    get. Metric: R² on the 88 rows held out.
    """
    if not 0 <= batch <= 354 or l2 <= 0:
        raise InputError(
            f"ridge_regression[batch={batch},l2={l2}]: batch goes from 0 to 354, l2 must be"
            " positive"
        )
    inputs, target, *held_out = split(*table("diabetes"))
    (inputs, held_inputs), (target, held_target) = (
        standardised(inputs, held_out[0]),
        standardised(target, held_out[1]),
    )
    design, penalty = (
        np.hstack([inputs, np.ones((len(inputs), 1))]),
        np.append(np.full(10, l2), 0.0),
    )
    solution = np.linalg.solve(
        2 * design.T @ design / len(design) + np.diag(penalty), 2 * design.T @ target / len(design)
    )
    return dense_problem(
        [10, 1],
        "identity",
        "mean_squared_error",
        inputs,
        target,
        l2=l2,
        budget=600 if batch else 1000,
        source="Hoerl & Kennard (1970), Technometrics 12(1), 55-67; scikit-learn's diabetes",
        minimum=float(
            np.mean((design @ solution - target) ** 2) + 0.5 * np.sum(penalty * solution[:, 0] ** 2)
        ),
        minimizers=solution.T,
        held_out=(held_inputs, held_target),
        kind="regression",
        batch=batch,
        taus=(1e-1, 3e-2, 1e-2) if batch else (1e-1, 1e-3, 1e-5),
    )
