"""L2 regularisation: weight decay that goes through the gradient, and so through all that a rule
does with it.
"""

from ..registry import optimizer


@optimizer(wraps="gradient", partner="sgd")
def l2(x, g, weight_decay=1e-2):
    """Hanson & Pratt (1989), Comparing Biases for Minimal Network Construction, NIPS 1, eq. 3.

    weight_decay : units of g per unit of x.
    """
    return g + weight_decay * x
