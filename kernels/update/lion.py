"""Lion: each coordinate steps by the sign of an interpolated momentum."""

from ..registry import optimizer
from ..sign import sign


@optimizer
def lion(x, g, m, lr=1e-4, beta1=0.9, beta2=0.99, weight_decay=0.0):
    """Chen et al. (2023), Symbolic Discovery of Optimization Algorithms, Algorithm 2,
    arXiv:2302.06675.

    m : running mean of g.  lr : units of x a step.  weight_decay : share of x a step, times lr.
    """
    direction = sign(beta1 * m + (1 - beta1) * g)
    m = beta2 * m + (1 - beta2) * g
    return x - lr * (direction + weight_decay * x), m
