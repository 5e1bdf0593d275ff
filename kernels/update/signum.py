"""Signum: each coordinate steps by the sign of its mean gradient."""

from ..registry import optimizer
from ..sign import sign


@optimizer
def signum(x, g, m, lr=1e-4, momentum=0.9):
    """Bernstein, Wang, Azizzadenesheli & Anandkumar (2018), signSGD, Algorithm 2, arXiv:1802.04434.

    m : running mean of g.  lr : units of x a step.
    """
    m = momentum * m + (1 - momentum) * g
    return x - lr * sign(m), m
