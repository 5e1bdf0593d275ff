"""Goldstein and Price's function: two crossing valleys with walls of the eighth degree."""

import numpy as np

from ..problem import Problem
from ..registry import problem


def crossing_valleys(x, g, loss):
    """(1 + (a + b + 1)**2 (19 - 14 a + 3 a**2 - 14 b + 6 a b + 3 b**2))
    (30 + (2 a - 3 b)**2 (18 - 32 a + 12 a**2 + 48 b - 36 a b + 27 b**2)) with (a, b) = x.

    With s = a + b and d = 2 a - 3 b the factors are 1 + (s + 1)**2 (19 - 14 s + 3 s**2) and 30 +
    d**2 (18 - 16 d + 3 d**2).
    """
    for lane in range(x.shape[1]):
        a, b = float(x[0, lane]), float(x[1, lane])
        s, d = a + b, 2.0 * a - 3.0 * b
        up = s + 1.0
        wide, narrow = 19.0 + s * (3.0 * s - 14.0), 18.0 + d * (3.0 * d - 16.0)
        first, second = 1.0 + up * up * wide, 30.0 + d * d * narrow
        by_s = up * (2.0 * wide + up * (6.0 * s - 14.0)) * second
        by_d = d * (2.0 * narrow + d * (6.0 * d - 16.0)) * first
        loss[lane] = first * second
        g[0, lane] = by_s + 2.0 * by_d
        g[1, lane] = by_s - 3.0 * by_d


@problem
def goldstein_price():
    """Goldstein and Price's function of two variables.

    Goldstein & Price (1971), On descent from local minima, Math. Comp. 25(115), 569-574; Dixon &
    Szego (1978), Towards Global Optimisation 2, 1-15. No start is published; seed 0 starts at (1,
    -1), with a gradient of 3e4, from where the way downhill reaches the minimum. The local minima
    have losses of 30 at (-0.6, -0.4), 84 at (1.8, 0.2) and 840 at (1.2, 0.8).
    """
    return Problem(
        formula=crossing_valleys,
        center=np.array([1.0, -1.0]),
        spread=0.1,
        budget=2000,
        source=(
            "Goldstein & Price (1971), On descent from local minima, Math. Comp. 25(115), 569-574"
        ),
        minimum=3.0,
        minimizers=np.array([[0.0, -1.0]]),
        taus=(1e-1, 1e-3, 1e-6),
        tags=("multimodal",),
        least_loss="3",
    )
