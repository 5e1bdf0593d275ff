"""Clipping by value: no coordinate of the gradient exceeds a limit."""

from ..registry import optimizer


@optimizer(wraps="gradient", partner="sgd")
def clip_value(g, limit=1.0):
    """Mikolov (2012), Statistical Language Models Based on Neural Networks, thesis, Brno, section
    3.3.

    limit : units of g.
    """
    return min(max(g, -limit), limit) if g == g else g
