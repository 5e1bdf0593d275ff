"""Adam: each coordinate steps by its mean gradient over its root mean square gradient."""

from math import sqrt

from ..registry import optimizer


@optimizer
def adam(x, g, t, m, v, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Kingma & Ba (2015), Algorithm 1, arXiv:1412.6980.

    m, v : running means of g and g², zero before step t = 1.
    lr : units of x a step.  eps : units of g.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return x - lr * m_hat / (sqrt(v_hat) + eps), m, v
