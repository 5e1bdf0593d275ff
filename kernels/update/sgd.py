"""Stochastic gradient descent: a step against the gradient."""

from ..registry import optimizer


@optimizer
def sgd(x, g, lr=1e-2):
    """Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), 400-407: the stochastic
    approximation recursion.

    lr : units of x per unit of g.
    """
    return x - lr * g
