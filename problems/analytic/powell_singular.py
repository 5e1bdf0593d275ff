"""Powell's singular function: a minimum so flat that the Hessian has lost half its rank there."""

import numpy as np

from ...kernels.grammar import InputError
from ..problem import Problem
from ..registry import problem


def flats(x, g, loss):
    """sum over each four (a, b, c, d) of (a + 10 b)**2 + 5 (c - d)**2 + (b - 2 c)**4 + 10 (a -
    d)**4.
    """
    n, lanes = x.shape
    for lane in range(lanes):
        loss[lane] = 0.0
    for i in range(0, n, 4):
        for lane in range(lanes):
            a, b, c, d = (
                float(x[i, lane]),
                float(x[i + 1, lane]),
                float(x[i + 2, lane]),
                float(x[i + 3, lane]),
            )
            r1, r2, r3, r4 = a + 10.0 * b, c - d, b - 2.0 * c, a - d
            q3, q4 = r3 * r3, r4 * r4
            loss[lane] += r1 * r1 + 5.0 * r2 * r2 + q3 * q3 + 10.0 * q4 * q4
            g[i, lane] = 2.0 * r1 + 40.0 * q4 * r4
            g[i + 1, lane] = 20.0 * r1 + 4.0 * q3 * r3
            g[i + 2, lane] = 10.0 * r2 - 8.0 * q3 * r3
            g[i + 3, lane] = -10.0 * r2 - 40.0 * q4 * r4


@problem(variants=[{"dim": 8}])
def powell_singular(dim=4):
    """Powell's singular function, `dim` a multiple of 4: the extended one has dim / 4 independent
    copies.

    Powell (1962), An iterative method for finding stationary values of a function of several
    variables, Computer Journal 5(2), 147-151; More, Garbow & Hillstrom (1981), ACM TOMS 7(1),
    problems 13 and 22. Near the minimum the loss is quartic along two of each four directions.
    """
    if dim < 4 or dim % 4:
        raise InputError(f"powell_singular[dim={dim}]: dim must be a multiple of 4")
    return Problem(
        formula=flats,
        center=np.resize([3.0, -1.0, 0.0, 1.0], dim),
        spread=0.1,
        budget=2000,
        source=(
            "Powell (1962), Computer Journal 5(2), 147-151; More, Garbow & Hillstrom (1981),"
            " problems 13 and 22"
        ),
        minimum=0.0,
        minimizers=np.zeros((1, dim)),
        start_loss={4: "215", 8: "430"}.get(dim, ""),
    )
