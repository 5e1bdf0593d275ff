"""Stochastic Polyak step: as far as the loss is above its minimum, over the squared gradient."""

from ..linear import dot, step
from ..registry import optimizer


@optimizer(per="run", ranges={"c": "(0, inf) log"})
def sps(x, g, loss, minimum, lr=1.0, c=0.5):
    """Loizou, Vaswani, Laradji & Lacoste-Julien (2021), Stochastic Polyak Step-size, SPS_max,
    arXiv:2002.10542.

    minimum : the full objective's f*, 0 where the problem knows none (a bound for losses that are
    never negative).
    lr : the largest step, units of x per unit of g.  c : no unit.
    """
    square = dot(g, g)
    if square > 0:
        step(x, -min(max(loss - minimum, 0.0) / (c * square), lr), g)
