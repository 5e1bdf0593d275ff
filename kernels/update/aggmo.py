"""AggMo: the mean of several momenta, which damp each other's oscillations."""

from ..registry import optimizer


@optimizer
def aggmo(x, g, v1, v2, v3, lr=0.1, beta1=0.0, beta2=0.9, beta3=0.99):
    """Lucas, Sun, Zemel & Grosse (2019), Aggregated Momentum, eq. 3 and 4 with K = 3,
    arXiv:1804.00325.

    v1, v2, v3 : decaying sums of -g.  lr : units of x per unit of g.
    """
    v1, v2, v3 = beta1 * v1 - g, beta2 * v2 - g, beta3 * v3 - g
    return x + lr / 3 * (v1 + v2 + v3), v1, v2, v3
