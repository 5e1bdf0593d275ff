"""A plugin in one file: optbench run --plugin examples/mine.py -o mine,adam -p rosenbrock,xor."""

from math import sqrt

import optbench as ob


@ob.optimizer
def mine(x, g, t, m, v, lr=1e-3, beta=0.9, eps=1e-8):
    """Adam with one decay rate. Kingma & Ba (2015), Algorithm 1, with beta1 = beta2.

    m, v : running means of g and g².  lr : units of x a step.  eps : units of g.
    """
    m = beta * m + (1 - beta) * g
    v = beta * v + (1 - beta) * g**2
    m_hat = m / (1 - beta**t)
    v_hat = v / (1 - beta**t)
    return x - lr * m_hat / (sqrt(v_hat) + eps), m, v
