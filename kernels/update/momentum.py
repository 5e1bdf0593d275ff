"""Heavy ball: the step remembers the one before."""

from ..registry import optimizer


@optimizer
def momentum(x, g, m, lr=1e-2, momentum=0.9):
    """Polyak (1964), USSR Computational Mathematics and Mathematical Physics 4(5), 1-17, eq. 9 (the
    heavy ball).

    x_{t+1} = x_t - lr g + momentum (x_t - x_{t-1}), written with the velocity m = (x_{t-1} - x_t) /
    lr: the same for constant lr; under a schedule lr scales the whole step, as in torch and optax.

    m : decaying sum of gradients, units of g.  lr : units of x per unit of g.
    """
    m = momentum * m + g
    return x - lr * m, m
