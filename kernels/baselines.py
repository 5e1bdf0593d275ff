"""Rules that must not solve anything: what a problem is audited with. They are in no catalogue."""

from numba import int64

from .declaration import Declaration, read
from .optimizer import Optimizer
from .random import NOISE, normal
from .sign import sign


def standing_still(x, g, lr=1.0):
    """A move of nothing. lr : not used."""
    return x + 0.0 * lr * g


def wandering(x, g, t, start, lr=1.0):
    """A random walk, another from each start. lr : the standard deviation of a step, units of x."""
    seed = int64(1e6 * (start[0] + start[start.size - 1]))
    for i in range(x.size):
        x[i] += lr * normal(seed, NOISE, int64(t), i)


def climbing(x, g, lr=1.0):
    """Gradient descent with the sign flipped. lr : units of x per unit of g."""
    return x + lr * g


def climbing_by_sign(x, g, lr=1.0):
    """Sign descent with the sign flipped. lr : units of x a step."""
    return x + lr * sign(g)


def going_to_zero(x, g, lr=1.0):
    """A step towards the origin, whatever the gradient. lr : as far as the share lr / (1 + lr) of
    the way.
    """
    return x / (1.0 + lr)


def _rule(function, per: str = "coordinate", **init: str) -> Optimizer:
    rule = read(function, Declaration(per=per, init=init))
    return Optimizer(rule.name, rule, rule.settings, rule.lr)


BASELINES = (
    _rule(standing_still),
    _rule(wandering, "run", start="x"),
    _rule(climbing),
    _rule(climbing_by_sign),
    _rule(going_to_zero),
)
