"""Averaged: any rule, judged at the running mean of its points."""

from ..registry import optimizer


@optimizer(wraps="point", partner="adam", init={"mean": "x"}, reported="mean")
def averaged(x, y, t, total, mean, beta=0.999):
    """Kingma & Ba (2015), section 7.2, arXiv:1412.6980: an exponential mean of the points, its bias
    corrected.

    total : running mean of the points, from 0.  mean : total / (1 - beta^t), reported.
    """
    total = beta * total + (1 - beta) * y
    return y, total, total / (1 - beta**t)
