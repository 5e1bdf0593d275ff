"""QHAdam: Adam with weighted means of the newest and the mean gradient, above and below."""

from math import sqrt

from ..registry import optimizer


@optimizer(ranges={"nu1": "[0, 1]", "nu2": "[0, 1]"})
def qhadam(x, g, t, m, v, lr=1e-3, nu1=0.7, nu2=1.0, beta1=0.995, beta2=0.999, eps=1e-8):
    """Ma & Yarats (2019), Quasi-hyperbolic Momentum and Adam, eq. 16 to 18, arXiv:1810.06801.

    m, v : running means of g and g².  lr : units of x a step.  eps : units of g.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    above = (1 - nu1) * g + nu1 * m / (1 - beta1**t)
    below = (1 - nu2) * g * g + nu2 * v / (1 - beta2**t)
    return x - lr * above / (sqrt(below) + eps), m, v
