"""Lookahead: every k steps the point goes back part of the way to where it was k steps before."""

from ..registry import optimizer


@optimizer(wraps="point", partner="adam", init={"slow": "x"}, ranges={"alpha": "(0, 1]"})
def lookahead(y, t, slow, every=5.0, alpha=0.5):
    """Zhang, Lucas, Hinton & Ba (2019), Lookahead Optimizer, Algorithm 1, arXiv:1907.08610.

    slow : the slow weights.  every : the paper's k, steps.  alpha : the share of the way that is
    kept.
    """
    if t % every != 0:
        return y, slow
    slow = slow + alpha * (y - slow)
    return slow, slow
