"""Adadelta: steps in units of x, the ratio of root mean square steps and gradients."""

from math import sqrt

from ..registry import optimizer


@optimizer(ranges={"rho": "[0, 1)"})
def adadelta(x, g, v, u, lr=1.0, rho=0.95, eps=1e-6):
    """Zeiler (2012), ADADELTA, Algorithm 1, arXiv:1212.5701.

    v, u : running means of g² and of squared steps.  lr : a factor, no unit; the paper has none.
    eps : added to both means.
    """
    v = rho * v + (1 - rho) * g * g
    move = sqrt(u + eps) / sqrt(v + eps) * g
    u = rho * u + (1 - rho) * move * move
    return x - lr * move, v, u
