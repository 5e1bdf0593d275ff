"""Wood's function: two curved valleys tied together, with a saddle on the way."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def twin_valleys(x, g, loss):
    """100 (b - a**2)**2 + (1 - a)**2 + 90 (d - c**2)**2 + (1 - c)**2 + 10 (b + d - 2)**2 + (b -
    d)**2 / 10, (a ... d) = x.
    """
    for lane in range(x.shape[1]):
        a, b, c, d = float(x[0, lane]), float(x[1, lane]), float(x[2, lane]), float(x[3, lane])
        r1, r2, r3, r4, r5, r6 = b - a * a, 1.0 - a, d - c * c, 1.0 - c, b + d - 2.0, b - d
        loss[lane] = (
            100.0 * r1 * r1 + r2 * r2 + 90.0 * r3 * r3 + r4 * r4 + 10.0 * r5 * r5 + 0.1 * r6 * r6
        )
        g[0, lane] = -400.0 * a * r1 - 2.0 * r2
        g[1, lane] = 200.0 * r1 + 20.0 * r5 + 0.2 * r6
        g[2, lane] = -360.0 * c * r3 - 2.0 * r4
        g[3, lane] = 180.0 * r3 + 20.0 * r5 - 0.2 * r6


@problem
def wood():
    """Wood's function of four variables.

    Colville (1968), A comparative study of nonlinear programming codes, IBM New York Scientific
    Center Report 320-2949; More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 14. A saddle of
    loss 7.877 near (-0.968, 0.947, -0.970, 0.951) lies on the way, where slow rules linger.
    """
    return Problem(
        formula=twin_valleys,
        center=np.array([-3.0, -1.0, -3.0, -1.0]),
        spread=0.1,
        budget=5000,
        source=(
            "Colville (1968), IBM report 320-2949; More, Garbow & Hillstrom (1981), ACM TOMS 7(1),"
            " problem 14"
        ),
        minimum=0.0,
        minimizers=np.ones((1, 4)),
        tags=("multimodal",),
        start_loss="19192",
    )
