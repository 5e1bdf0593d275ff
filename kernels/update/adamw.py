"""AdamW: Adam, with weight decay apart from the gradient."""

from math import sqrt

from ..registry import optimizer


@optimizer
def adamw(x, g, t, scale, m, v, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-4):
    """Loshchilov & Hutter (2019), Algorithm 2, line 12, arXiv:1711.05101.

    The decay is scaled by the schedule alone, as in the paper; torch and optax scale it by lr too.

    m, v : running means of g and g², zero before step t = 1.
    lr : units of x a step.  eps : units of g.  weight_decay : share of x a step.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return x - lr * m_hat / (sqrt(v_hat) + eps) - scale * weight_decay * x, m, v
