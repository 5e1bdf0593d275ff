"""Adan: Adam with Nesterov momentum, which the differences of gradients bring."""

from math import sqrt

from ..optimizer import optimizer


@optimizer
def adan(
    x, g, t, m, v, n, before, lr=1e-3, beta1=0.98, beta2=0.92, beta3=0.99, eps=1e-8, weight_decay=0.0, debias=False
):  # fmt: skip
    """Xie, Zhou, Li, Lin & Yan (2024), Adan, Algorithm 1, arXiv:2208.06677, with the betas as shares kept.

    m, v, n : running means of g, of its differences, and of (g + beta2 difference)².  before : the last gradient.
    lr : units of x a step.  eps : units of g.  weight_decay : share of x a step, times lr, by a proximal step.
    debias : correct the biases, as the authors' programs do.
    """
    change = g - before if t > 1 else 0.0
    ahead = g + beta2 * change
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * change
    n = beta3 * n + (1 - beta3) * ahead * ahead
    c1 = 1 - beta1**t if debias else 1.0
    c2 = 1 - beta2**t if debias else 1.0
    c3 = 1 - beta3**t if debias else 1.0
    move = lr / (sqrt(n / c3) + eps) * (m / c1 + beta2 * v / c2)
    return (x - move) / (1 + lr * weight_decay), m, v, n, g
