"""AMSGrad: Adam whose mean square gradient never falls."""

from math import sqrt

from ..registry import optimizer


@optimizer(ranges={"correction": "[0, 2] whole"})
def amsgrad(x, g, t, m, v, v_max, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, correction=0.0):
    """Reddi, Kale & Kumar (2018), On the Convergence of Adam and Beyond, Algorithm 2,
    arXiv:1904.09237.

    m, v : running means of g and g².  v_max : the largest v so far.  lr : units of x a step.
    eps : units of g; guards g = 0.  correction : 0, no bias correction, as in the paper; 1, after
    the maximum is taken; 2, before it.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    v_max = max(v_max, v / (1 - beta2**t) if correction == 2 else v)
    m_hat = m / (1 - beta1**t) if correction > 0 else m
    v_hat = v_max / (1 - beta2**t) if correction == 1 else v_max
    return x - lr * m_hat / (sqrt(v_hat) + eps), m, v, v_max
