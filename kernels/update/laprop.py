"""LaProp: the momentum of Adam's scaled gradients, instead of the scaled momentum."""

from math import sqrt

from ..registry import optimizer


@optimizer
def laprop(x, g, t, m, v, lr=4e-4, beta1=0.9, beta2=0.999, eps=1e-15):
    """Ziyin, Wang & Ueda (2021), LaProp, Algorithm 1, arXiv:2002.04839.

    m : running mean of scaled gradients.  v : of g².  lr : units of x a step.  eps : units of g.
    """
    v = beta2 * v + (1 - beta2) * g * g
    m = beta1 * m + (1 - beta1) * g / (sqrt(v / (1 - beta2**t)) + eps)
    return x - lr * m / (1 - beta1**t), m, v
