"""signSGD: each coordinate steps by the sign of its gradient."""

from ..registry import optimizer
from ..sign import sign


@optimizer
def signsgd(x, g, lr=1e-4):
    """Bernstein, Wang, Azizzadenesheli & Anandkumar (2018), signSGD, Algorithm 1, arXiv:1802.04434.

    lr : units of x a step.
    """
    return x - lr * sign(g)
