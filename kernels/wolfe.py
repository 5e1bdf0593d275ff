"""A step size that meets the strong Wolfe conditions."""

from math import sqrt
from typing import NamedTuple

from .jit import jit
from .linear import dot


class Conditions(NamedTuple):
    """What a step has to meet. c1 : sufficient decrease.  c2 : curvature.  trials : evaluations
    that may be spent on finding it.
    """

    c1: float
    c2: float
    trials: int


@jit
def _along(fun, x, p, a, point, slope):
    """The loss at x + a p, and its derivative by a; fills point and slope."""
    for i in range(x.size):
        point[i] = x[i] + a * p[i]
    value = fun(point, slope)
    return value, dot(slope, p)


@jit
def _cubic(lo, value_lo, slope_lo, hi, value_hi, slope_hi):
    """The minimiser of the cubic through both ends, eq. 3.59; the midpoint where that is none or
    near an end.
    """
    d1 = slope_lo + slope_hi - 3 * (value_lo - value_hi) / (lo - hi)
    root = d1 * d1 - slope_lo * slope_hi
    d2 = (1.0 if hi > lo else -1.0) * sqrt(max(root, 0.0))
    a = hi - (hi - lo) * (slope_hi + d2 - d1) / (slope_hi - slope_lo + 2 * d2)
    least, most, width = min(lo, hi), max(lo, hi), abs(hi - lo)
    return a if root >= 0 and least + 0.1 * width <= a <= most - 0.1 * width else 0.5 * (lo + hi)


@jit
def strong_wolfe(fun, x, p, loss, slope0, first, conditions):
    """Nocedal & Wright (2006), Numerical Optimization, Algorithms 3.5 and 3.6: a with both
    conditions along x + a p.

    loss, slope0 : at x, slope0 < 0.  first : the first trial. Out of `conditions.trials`
    evaluations the best found, 0 for none.
    """
    c1, c2, trials = conditions
    point, slope = x.copy(), x.copy()
    lo, value_lo, slope_lo = 0.0, loss, slope0
    hi, value_hi, slope_hi = 0.0, loss, slope0
    a, bracketed = first, False
    for trial in range(trials):
        if bracketed:
            a = _cubic(lo, value_lo, slope_lo, hi, value_hi, slope_hi)
        value, slope_a = _along(fun, x, p, a, point, slope)
        enough = value <= loss + c1 * a * slope0
        if not enough or (value >= value_lo and (bracketed or trial > 0)):
            hi, value_hi, slope_hi, bracketed = a, value, slope_a, True
            continue
        if abs(slope_a) <= -c2 * slope0:
            return a
        if bracketed:
            if slope_a * (hi - lo) >= 0:
                hi, value_hi, slope_hi = lo, value_lo, slope_lo
        elif slope_a >= 0:
            hi, value_hi, slope_hi, bracketed = lo, value_lo, slope_lo, True
        lo, value_lo, slope_lo = a, value, slope_a
        a = 2 * a
    return lo
