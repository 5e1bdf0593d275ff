"""Prodigy: D-Adaptation with gradients weighted by the estimate itself, which finds it faster."""

from math import sqrt

from ..linear import norm1
from ..registry import optimizer


@optimizer(
    per="run",
    slots={"d": (), "r": ()},
    init={"start": "x", "d": "d0"},
    ranges={"d_coef": "(0, inf) log"},
)
def prodigy(
    x,
    g,
    t,
    m,
    v,
    s,
    start,
    d,
    r,
    lr=1.0,
    beta1=0.9,
    beta2=0.999,
    beta3=0.0,
    eps=1e-8,
    d0=1e-6,
    d_coef=1.0,
    debias=False,
    fresh=False,
):
    """Mishchenko & Defazio (2024), Prodigy, Algorithm 4, arXiv:2306.06101.

    m, v : running means of d g and d² g².  s, r : of d² lr g and d² lr <g, start - x> at the rate
    beta3.
    start : x before step 1.  d : the estimate of the distance from it, d0 at first.  lr : a factor,
    no unit.
    beta3 : 0 means sqrt(beta2).  debias : with Adam's bias correction in lr; fresh : the new d
    beside eps; both as in the authors' program.
    """
    old, seen, rate = d[0], 0.0, beta3 if beta3 > 0 else sqrt(beta2)
    lr *= sqrt(1 - beta2**t) / (1 - beta1**t) if debias else 1.0
    for i in range(x.size):
        m[i] = beta1 * m[i] + (1 - beta1) * old * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * old * old * g[i] * g[i]
        seen += g[i] * (start[i] - x[i])
        s[i] = rate * s[i] + (1 - rate) * lr * old * old * g[i]
    r[0] = rate * r[0] + (1 - rate) * lr * old * old * seen
    size = norm1(s)
    if size > 0:
        d[0] = max(old, d_coef * r[0] / size)
    for i in range(x.size):
        x[i] -= lr * old * m[i] / (sqrt(v[i]) + (d[0] if fresh else old) * eps)
