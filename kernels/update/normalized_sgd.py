"""Normalised SGD: a step of constant length in each tensor."""

from ..linear import norm, step
from ..registry import optimizer


@optimizer(per="tensor")
def normalized_sgd(x, g, lr=1e-2):
    """Hazan, Levy & Shalev-Shwartz (2015), Beyond Convexity: Stochastic Quasi-Convex Optimization,
    Algorithm 1, arXiv:1507.02030, tensor by tensor.

    lr : the length of the step, units of x.
    """
    slope = norm(g)
    if slope > 0:
        step(x, -lr / slope, g)
