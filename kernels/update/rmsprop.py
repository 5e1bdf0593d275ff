"""RMSprop: each coordinate steps by its gradient over its root mean square gradient."""

from math import sqrt

from ..optimizer import optimizer


@optimizer
def rmsprop(x, g, v, lr=1e-3, decay=0.9, eps=1e-8):
    """Tieleman & Hinton (2012), Coursera: Neural Networks for Machine Learning, lecture 6e, slide 29.

    v : running mean of g².  lr : units of x a step.  eps : units of g; the lecture has none, it guards g = 0.
    """
    v = decay * v + (1 - decay) * g * g
    return x - lr * g / (sqrt(v) + eps), v
