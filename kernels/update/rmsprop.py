"""RMSprop: each coordinate steps by its gradient over its root mean square gradient."""

from math import sqrt

from ..registry import optimizer


@optimizer
def rmsprop(x, g, v, lr=1e-3, decay=0.9, eps=1e-8, eps_root=0.0):
    """Tieleman & Hinton (2012), Coursera: Neural Networks for Machine Learning, lecture 6e, slide
    29.

    v : running mean of g².  lr : units of x a step.  eps : units of g; the lecture has none, it
    guards g = 0.
    """
    v = decay * v + (1 - decay) * g * g
    return x - lr * g / (sqrt(v + eps_root) + eps), v


@optimizer
def rmsprop_centered(x, g, v, mean, lr=1e-3, decay=0.9, eps=1e-8, eps_root=0.0):
    """Graves (2013), Generating Sequences with Recurrent Neural Networks, eq. 38 to 40,
    arXiv:1308.0850, as plain RMSprop.

    v, mean : running means of g² and g, whose difference is the variance.  lr : units of x a step.
    eps : units of g.
    """
    v = decay * v + (1 - decay) * g * g
    mean = decay * mean + (1 - decay) * g
    return x - lr * g / (sqrt(max(v - mean * mean, 0.0) + eps_root) + eps), v, mean


@optimizer
def rmsprop_momentum(
    x,
    g,
    v,
    mean,
    velocity,
    lr=1e-4,
    decay=0.95,
    momentum=0.9,
    eps=0.0,
    eps_root=1e-4,
    centered=True,
    lr_inside=False,
):
    """Graves (2013), Generating Sequences with Recurrent Neural Networks, eq. 38 to 41,
    arXiv:1308.0850.

    v, mean : running means of g² and g.  velocity : decaying sum of scaled gradients.  lr : units
    of x a step.
    eps_root : units of g².  lr_inside : velocity sums steps, each with the lr of its time, as in
    eq. 40 and optax; off, lr scales the whole step, as in torch. Both are the same for constant lr.
    """
    v = decay * v + (1 - decay) * g * g
    mean = decay * mean + (1 - decay) * g
    variance = max(v - mean * mean, 0.0) if centered else v
    velocity = momentum * velocity + (lr if lr_inside else 1.0) * g / (
        sqrt(variance + eps_root) + eps
    )
    return x - (1.0 if lr_inside else lr) * velocity, v, mean, velocity
