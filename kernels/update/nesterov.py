"""Nesterov's accelerated gradient: momentum with a look ahead."""

from ..registry import optimizer


@optimizer
def nesterov(x, g, m, lr=1e-2, momentum=0.9):
    """Nesterov (1983), Doklady AN SSSR 269(3), 543-547, with constant momentum as in Sutskever,
    Martens, Dahl & Hinton (2013), ICML, eq. 3 and 4, written at the point where the gradient is
    taken: the same for constant lr; under a schedule lr scales the whole step, as in torch and
    optax.

    m : decaying sum of gradients, units of g.  lr : units of x per unit of g.
    """
    m = momentum * m + g
    return x - lr * (g + momentum * m), m
