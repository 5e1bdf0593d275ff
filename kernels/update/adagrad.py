"""Adagrad: each coordinate steps by its gradient over the root of all squared gradients so far."""

from math import sqrt

from ..registry import optimizer


@optimizer(init={"total": "initial"})
def adagrad(x, g, total, lr=1e-2, eps=1e-10, eps_root=0.0, initial=0.0):
    """Duchi, Hazan & Singer (2011), JMLR 12, 2121-2159, Figure 1 with diagonal matrices.

    total : sum of g², `initial` at first.  lr : units of x a step.  eps : units of g.  eps_root :
    units of g².
    """
    total = total + g * g
    return x - lr * g / (sqrt(total + eps_root) + eps), total
