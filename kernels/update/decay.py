"""Decoupled weight decay: x shrinks by a share of itself, apart from what the rule does."""

from ..registry import optimizer


@optimizer(wraps="point", partner="adam")
def decay(x, y, lr, weight_decay=1e-2):
    """Loshchilov & Hutter (2019), Decoupled Weight Decay Regularization, Algorithm 2, line 12,
    arXiv:1711.05101, times lr as torch and optax have it.

    weight_decay : share of x a step, times lr.
    """
    return y - lr * weight_decay * x
