"""Rules that must not solve anything: what a problem is audited with. They are in no catalogue."""

from numba import int64

from .optimizer import Optimizer
from .random import NOISE, normal
from .rule import read
from .sign import sign


def standing_still(x, g, lr=1.0):
    """A move of nothing. lr : not used."""
    return x + 0.0 * lr * g


def wandering(x, g, t, lr=1.0):
    """A random walk. lr : the standard deviation of a step, units of x."""
    for i in range(x.size):
        x[i] += lr * normal(int64(20), NOISE, int64(t), i)


def climbing(x, g, lr=1.0):
    """Gradient descent with the sign flipped. lr : units of x per unit of g."""
    return x + lr * g


def climbing_by_sign(x, g, lr=1.0):
    """Sign descent with the sign flipped. lr : units of x a step."""
    return x + lr * sign(g)


def _rule(function, per: str = "coordinate") -> Optimizer:
    rule = read(function, per, None, None, {}, {}, None)
    return Optimizer(rule.name, rule, rule.settings, rule.lr)


STUMBLING = (_rule(standing_still), _rule(wandering, "run"), _rule(climbing), _rule(climbing_by_sign))
