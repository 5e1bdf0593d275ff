"""The function of Freudenstein and Roth: two cubics with one common zero, and a local minimum that
most runs end in.
"""

import numpy as np

from ..problem import Problem
from ..registry import problem


def cubic_pair(x, g, loss):
    """(-13 + a + ((5 - b) b - 2) b)**2 + (-29 + a + ((b + 1) b - 14) b)**2 with (a, b) = x."""
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        r1 = -13.0 + a + ((5.0 - b) * b - 2.0) * b
        r2 = -29.0 + a + ((b + 1.0) * b - 14.0) * b
        loss[lane] = r1 * r1 + r2 * r2
        g[0, lane] = 2.0 * (r1 + r2)
        g[1, lane] = 2.0 * (r1 * ((10.0 - 3.0 * b) * b - 2.0) + r2 * ((3.0 * b + 2.0) * b - 14.0))


@problem
def freudenstein_roth():
    """Freudenstein and Roth's function of two variables.

    Freudenstein & Roth (1963), Numerical solution of systems of nonlinear equations, J. ACM 10(4),
    550-556; More, Garbow & Hillstrom (1981), ACM TOMS 7(1), problem 2. Descent from the start ends
    in the local minimum of 48.98425 at (11.41278, -0.89681); the way to (5, 4) leads over a ridge.
    """
    return Problem(
        formula=cubic_pair,
        center=np.array([0.5, -2.0]),
        spread=1.0,
        budget=1000,
        source=(
            "Freudenstein & Roth (1963), J. ACM 10(4), 550-556; More, Garbow & Hillstrom (1981),"
            " ACM TOMS 7(1), problem 2"
        ),
        minimum=0.0,
        minimizers=np.array([[5.0, 4.0]]),
        tags=("multimodal",),
        start_loss="400.5",
    )
