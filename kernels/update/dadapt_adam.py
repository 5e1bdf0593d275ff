"""Adam with D-Adaptation: its learning rate comes from an estimate of the distance to the
solution.
"""

from math import sqrt

from ..linear import norm1
from ..registry import optimizer


@optimizer(per="run", slots={"d": (), "r": ()}, init={"d": "d0"}, ranges={"growth": "(1, inf) log"})
def dadapt_adam(
    x,
    g,
    t,
    m,
    v,
    s,
    d,
    r,
    lr=1.0,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    d0=1e-6,
    growth=1e300,
    debias=False,
    lagged=False,
):
    """Defazio & Mishchenko (2023), Learning-Rate-Free Learning by D-Adaptation, Algorithm 5,
    arXiv:2301.07733.

    m, v : running means of d lr g and g².  s : running mean of d lr g at the rate sqrt(beta2).  r :
    of <g, s>.
    d : the estimate, d0 at first.  lr : a factor, no unit.  growth : the most by which d grows in a
    step.
    debias : with Adam's bias correction in the rate; lagged : <g, s> by v before its update; both
    as in the authors' program.
    """
    rate, q, seen = d[0] * lr, sqrt(beta2), 0.0
    rate *= sqrt(1 - beta2**t) / (1 - beta1**t) if debias else 1.0
    for i in range(x.size):
        m[i] = beta1 * m[i] + (1 - beta1) * rate * g[i]
        before = sqrt(v[i]) + eps
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i]
        root = sqrt(v[i]) + eps
        x[i] -= m[i] / root
        seen += g[i] * s[i] / (before if lagged else root)
        s[i] = q * s[i] + (1 - q) * rate * g[i]
    r[0] = q * r[0] + (1 - q) * rate * seen
    size = norm1(s)
    if size > 0:
        d[0] = max(d[0], min(r[0] / ((1 - q) * size), growth * d[0]))
