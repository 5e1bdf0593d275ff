"""AdaBelief: steps are long where gradients are as expected, short where they surprise."""

from math import sqrt

from ..registry import optimizer


@optimizer
def adabelief(x, g, t, m, s, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-16, eps_root=1e-16):
    """Zhuang et al. (2020), AdaBelief Optimizer, Algorithm 2, arXiv:2010.07468.

    m, s : running means of g and (g - m)².  lr : units of x a step.  The paper's one epsilon is
    two:
    eps : units of g.  eps_root : added to s, units of g².
    """
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * (g - m) * (g - m) + eps_root
    return x - lr * m / (1 - beta1**t) / (sqrt(s / (1 - beta2**t)) + eps), m, s
