"""AdaMax: Adam with the largest gradient so far, slowly forgotten, in place of the root mean
square.
"""

from ..registry import optimizer


@optimizer
def adamax(x, g, t, m, u, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Kingma & Ba (2015), Algorithm 2, arXiv:1412.6980.

    m : running mean of g.  u : weighted infinity norm of g.  lr : units of x a step.  eps : units
    of g; guards g = 0.
    """
    m = beta1 * m + (1 - beta1) * g
    u = max(beta2 * u, abs(g) + eps)
    return x - lr * m / ((1 - beta1**t) * u), m, u
