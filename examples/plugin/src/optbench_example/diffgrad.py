"""diffGrad: Adam, slowed down where the gradient has stopped changing."""

from math import sqrt

import optbench as ob

from .friction import friction


@ob.optimizer
def diffgrad(x, g, t, m, v, before, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Dubey, Chakraborty, Roy, Mukherjee, Singh & Chaudhuri (2020), diffGrad, arXiv:1909.11015.

    m, v : running means of g and g², zero before step t = 1.  before : the last step's g, zero
    before the first.
    lr : units of x a step.  eps : units of g, beside the corrected root mean square as in the
    paper.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return x - lr * friction(g - before) * m_hat / (sqrt(v_hat) + eps), m, v, g
