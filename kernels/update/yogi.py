"""Yogi: Adam whose mean square gradient changes by steps of bounded size."""

from math import sqrt

from ..registry import optimizer
from ..sign import sign


@optimizer(init={"m": "initial_m", "v": "initial"}, ranges={"initial_m": "(-inf, inf)"})
def yogi(
    x,
    g,
    t,
    m,
    v,
    lr=1e-2,
    beta1=0.9,
    beta2=0.999,
    eps=1e-3,
    initial=1e-6,
    initial_m=0.0,
    debias=False,
):
    """Zaheer, Reddi, Sachan, Kale & Kumar (2018), Adaptive Methods for Nonconvex Optimization,
    NeurIPS 31, Algorithm 2.

    m, v : running mean of g, and of g² by steps of (1 - beta2) g².  lr : units of x a step.  eps :
    units of g.
    initial : v before step 1, units of g²; initial_m : m.  debias : correct the bias, as Adam does.
    """
    m = beta1 * m + (1 - beta1) * g
    v = v - (1 - beta2) * sign(v - g * g) * g * g
    m_hat = m / (1 - beta1**t) if debias else m
    v_hat = v / (1 - beta2**t) if debias else v
    return x - lr * m_hat / (sqrt(v_hat) + eps), m, v
