"""LAMB: Adam whose step in each tensor has the tensor's norm."""

from math import sqrt

from ..registry import optimizer


@optimizer(per="tensor")
def lamb(x, g, t, m, v, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-6, weight_decay=0.0):
    """You et al. (2020), Large Batch Optimization for Deep Learning, Algorithm 2 with phi(z) = z,
    arXiv:1904.00962.

    m, v : running means of g and g².  lr : step over norm of x.  eps : units of g.
    weight_decay : share of x beside Adam's direction.  A tensor that is zero steps as by Adam.
    """
    size, length = 0.0, 0.0
    c1, c2 = 1 - beta1**t, 1 - beta2**t
    for i in range(x.size):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i]
        move = m[i] / c1 / (sqrt(v[i] / c2) + eps) + weight_decay * x[i]
        size, length = size + x[i] * x[i], length + move * move
    ratio = sqrt(size) / sqrt(length) if size > 0 and length > 0 else 1.0
    for i in range(x.size):
        x[i] -= lr * ratio * (m[i] / c1 / (sqrt(v[i] / c2) + eps) + weight_decay * x[i])
