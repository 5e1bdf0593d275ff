"""Powell's badly scaled function: its two coordinates differ by a factor of a million at the
minimum.
"""

import numpy as np

from ...kernels.elementary import exp
from ..problem import Problem
from ..registry import problem


def powell_scales(x, g, loss):
    """(1e4 a b - 1)**2 + (e**-a + e**-b - 1.0001)**2 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        first, second = exp(-a), exp(-b)
        r1, r2 = 1e4 * a * b - 1.0, first + second - 1.0001
        loss[lane] = r1 * r1 + r2 * r2
        g[0, lane] = 2e4 * r1 * b - 2.0 * r2 * first
        g[1, lane] = 2e4 * r1 * a - 2.0 * r2 * second


@problem
def powell_badly_scaled():
    """Powell's badly scaled function of two variables.

    Powell (1970), A hybrid method for nonlinear equations, in Rabinowitz (ed.), Numerical Methods
    for Nonlinear Algebraic Equations, Gordon & Breach, 87-114; More, Garbow & Hillstrom (1981), ACM
    TOMS 7(1), problem 3. The Hessian's condition number at the minimum is 7e17. The coordinates may
    change places.
    """
    x = np.array([1.0981593296998053e-05, 9.106146739866624])
    return Problem(
        formula=powell_scales,
        center=np.array([0.0, 1.0]),
        spread=np.array([1e-5, 0.1]),
        budget=10_000,
        source="Powell (1970); More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 3",
        minimum=0.0,
        minimizers=np.array([x, x[::-1]]),
        start_loss="1.13526",
    )
