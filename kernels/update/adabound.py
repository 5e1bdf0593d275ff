"""AdaBound: Adam's steps between two bounds that meet, so that it ends as SGD."""

from math import sqrt

from ..registry import optimizer


@optimizer(ranges={"final": "(0, inf) log", "gamma": "(0, inf) log"})
def adabound(
    x, g, t, scale, m, v, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, final=0.1, gamma=1e-3
):
    """Luo, Xiong, Liu & Sun (2019), Adaptive Gradient Methods with Dynamic Bound, Algorithm 2,
    arXiv:1902.09843, whose factor 1/sqrt(t) is a schedule's matter.

    m, v : running means of g and g².  lr : units of x a step.  eps : units of g; guards g = 0.
    final : the step size where the bounds meet, units of x per unit of g.  gamma : how fast they
    do.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    low, high = scale * final * (1 - 1 / (gamma * t + 1)), scale * final * (1 + 1 / (gamma * t))
    return x - min(max(lr / (sqrt(v) + eps), low), high) * m, m, v
