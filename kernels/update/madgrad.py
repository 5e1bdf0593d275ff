"""MADGRAD: momentum and dual averaging, scaled by the cube root of squared gradients."""

from math import sqrt

from ..registry import optimizer


@optimizer(init={"start": "x"})
def madgrad(x, g, t, total, v, start, lr=1e-2, momentum=0.9, eps=1e-6):
    """Defazio & Jelassi (2022), Adaptivity without Compromise, Algorithm 1, arXiv:2101.11075.

    total, v : sums of lr sqrt(t) g and lr sqrt(t) g².  start : x before step 1.
    lr : (units of x)^(3/2) per (unit of g)^(1/2).  eps : added to the cube root.
    """
    weight = lr * sqrt(t)
    total = total + weight * g
    v = v + weight * g * g
    ahead = start - total / (v ** (1 / 3) + eps)
    return momentum * x + (1 - momentum) * ahead, total, v, start
