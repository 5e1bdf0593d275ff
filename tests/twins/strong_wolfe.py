"""A line search by Nocedal & Wright (2006), Numerical Optimization, section 3.5."""

import numpy as np


def strong_wolfe(phi, value0, slope0, first, c1, c2, trials):
    """Algorithm 3.5, then zoom, 3.6: a step by the strong Wolfe conditions, or after `trials` the
    best that descends, or 0.
    """
    low, alpha, zooming = (0.0, value0, slope0), first, False
    high = low
    for trial in range(trials):
        if zooming:
            alpha = between(low, high)
        value, slope = phi(alpha)
        new = (alpha, value, slope)
        if not value <= value0 + c1 * alpha * slope0 or (
            value >= low[1] and (zooming or trial > 0)
        ):
            zooming, high = True, new
        elif abs(slope) <= -c2 * slope0:
            return alpha
        elif zooming:
            high = low if slope * (high[0] - low[0]) >= 0 else high
            low = new
        elif slope >= 0:
            zooming, low, high = True, new, low
        else:
            low, alpha = new, 2 * alpha
    return low[0]


def between(low, high):
    """Eq. 3.59, the cubic's minimiser; the midpoint where that is none or within a tenth of an end
    (guard).
    """
    (a, value_a, slope_a), (b, value_b, slope_b) = low, high
    with np.errstate(all="ignore"):
        d1 = slope_a + slope_b - 3 * (value_a - value_b) / (a - b)
        d2 = np.sign(b - a) * np.sqrt(d1**2 - slope_a * slope_b)
        alpha = b - (b - a) * np.divide(slope_b + d2 - d1, slope_b - slope_a + 2 * d2)
    margin = 0.1 * abs(b - a)
    return alpha if min(a, b) + margin <= alpha <= max(a, b) - margin else (a + b) / 2
