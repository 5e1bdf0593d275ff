"""QHM: a weighted mean of a plain SGD step and a momentum step."""

from ..registry import optimizer


@optimizer(ranges={"nu": "[0, 1]"})
def qhm(x, g, m, lr=1.0, nu=0.7, beta=0.999):
    """Ma & Yarats (2019), Quasi-hyperbolic Momentum and Adam, eq. 3 and 4, arXiv:1810.06801.

    m : running mean of g.  lr : units of x per unit of g.  nu : the share of m in the step.
    """
    m = beta * m + (1 - beta) * g
    return x - lr * ((1 - nu) * g + nu * m), m
