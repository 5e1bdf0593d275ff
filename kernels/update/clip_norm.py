"""Clipping by norm: the gradient of a run is shortened to a limit."""

from ..linear import norm
from ..registry import optimizer


@optimizer(wraps="gradient", partner="sgd", per="run")
def clip_norm(g, limit=1.0):
    """Pascanu, Mikolov & Bengio (2013), On the Difficulty of Training Recurrent Neural Networks,
    Algorithm 1, arXiv:1211.5063.

    limit : units of g.
    """
    length = norm(g)
    if length > limit:
        for i in range(g.size):
            g[i] *= limit / length
