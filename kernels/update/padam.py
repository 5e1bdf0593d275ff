"""Padam: AMSGrad with a power between SGD's (0) and Adam's (1/2)."""

from ..registry import optimizer


@optimizer(ranges={"partial": "[0, 0.5]"})
def padam(x, g, m, v, v_max, lr=0.1, beta1=0.9, beta2=0.999, partial=0.125, eps=1e-8):
    """Chen, Zhou, Tang, Yang, Cao & Gu (2020), Closing the Generalization Gap of Adaptive Gradient
    Methods, Algorithm 1, arXiv:1806.06763.

    m, v : running means of g and g².  v_max : the largest v so far.  partial : its power.  eps :
    guards g = 0.
    lr : units of x per unit of g^(1 - 2 partial).
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    v_max = max(v_max, v)
    return x - lr * m / (v_max**partial + eps), m, v, v_max
