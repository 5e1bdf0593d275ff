"""Adan: Adam with Nesterov momentum, which the differences of gradients bring."""

from math import sqrt

from ..registry import optimizer


@optimizer(ranges={"ahead": "[0, inf)"})
def adan(
    x,
    g,
    t,
    m,
    v,
    n,
    before,
    lr=1e-3,
    beta1=0.98,
    beta2=0.92,
    beta3=0.99,
    eps=1e-8,
    eps_root=0.0,
    weight_decay=0.0,
    ahead=0.0,
    debias=False,
):
    """Xie, Zhou, Li, Lin & Yan (2024), Adan, Algorithm 1, arXiv:2208.06677, with the betas as
    shares kept.

    m, v, n : running means of g, of its differences, and of (g + beta2 difference)².  before : the
    last gradient.
    lr : units of x a step.  eps : units of g.  weight_decay : share of x a step, times lr, by a
    proximal step.
    ahead : the share of the difference that is added, 0 means beta2.  debias : means begin at zero
    and are corrected, as in the authors' program, instead of beginning at the first gradient and
    difference.
    """
    share = ahead if ahead > 0 else beta2
    change = g - before if t > 1 else 0.0
    looked = g + share * change
    keep1 = 0.0 if t == 1 and not debias else beta1
    keep2 = 0.0 if t <= 2 and not debias else beta2
    keep3 = 0.0 if t == 1 and not debias else beta3
    m = keep1 * m + (1 - keep1) * g
    v = keep2 * v + (1 - keep2) * change
    n = keep3 * n + (1 - keep3) * looked * looked
    c1 = 1 - beta1**t if debias else 1.0
    c2 = 1 - beta2**t if debias else 1.0
    c3 = 1 - beta3**t if debias else 1.0
    move = lr / (sqrt(n / c3 + eps_root) + eps) * (m / c1 + share * v / c2)
    return (x - move) / (1 + lr * weight_decay), m, v, n, g
