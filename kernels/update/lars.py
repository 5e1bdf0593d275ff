"""LARS: momentum SGD whose step in each tensor is a share of the tensor's norm."""

from ..linear import norm
from ..registry import optimizer


@optimizer(per="tensor", ranges={"trust": "(0, inf) log"})
def lars(x, g, v, lr=0.1, momentum=0.9, trust=1e-3, weight_decay=0.0):
    """You, Gitman & Ginsburg (2017), Large Batch Training of Convolutional Networks, Algorithm 1,
    arXiv:1708.03888.

    v : decaying sum of steps.  lr : a factor, no unit.  trust : step over norm of x.
    weight_decay : weight of x beside g.  A tensor that is zero, or whose gradient is, steps by lr
    times g.
    """
    size, slope = norm(x), norm(g)
    ratio = trust * size / (slope + weight_decay * size) if size > 0 and slope > 0 else 1.0
    for i in range(x.size):
        v[i] = momentum * v[i] + lr * ratio * (g[i] + weight_decay * x[i])
        x[i] -= v[i]
