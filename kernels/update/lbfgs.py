"""L-BFGS: steps by an inverse Hessian that is built from the last few steps, with a strong Wolfe
line search.
"""

from math import sqrt

import numpy as np

from ..linear import dot, norm1
from ..registry import optimizer
from ..wolfe import Conditions, strong_wolfe


@optimizer(
    per="run",
    slots={"s": ("memory", "size"), "y": ("memory", "size"), "pairs": (), "begun": ()},
    ranges={"c1": "(0, c2) log", "c2": "(0, 1)"},
)
def lbfgs(
    x,
    g,
    loss,
    fun,
    x_before,
    g_before,
    s,
    y,
    pairs,
    begun,
    lr=1.0,
    memory=10,
    c1=1e-4,
    c2=0.9,
    trials=25,
):
    """Liu & Nocedal (1989), On the Limited Memory BFGS Method, Mathematical Programming 45,
    503-528; Nocedal & Wright (2006), Algorithms 7.4 and 7.5.

    s, y : the last `memory` changes of x and g, oldest first, of which `pairs` are filled.
    x_before, g_before : the last point and gradient, if `begun`.
    lr : the first trial step, no unit.  trials : evaluations a step, at most. In
    mini-batches both gradients of a change come from different ones.
    """
    kept, most, n = int(pairs[0]), int(memory), x.size
    if begun[0] > 0:
        sy, ss, yy = 0.0, 0.0, 0.0
        for i in range(n):
            a, b = x[i] - x_before[i], g[i] - g_before[i]
            sy, ss, yy = sy + a * b, ss + a * a, yy + b * b
        if sy > 1e-12 * sqrt(ss) * sqrt(yy):
            if kept == most:
                for k in range(1, most):
                    for i in range(n):
                        s[k - 1, i], y[k - 1, i] = s[k, i], y[k, i]
                kept -= 1
            for i in range(n):
                s[kept, i], y[kept, i] = x[i] - x_before[i], g[i] - g_before[i]
            kept += 1
    pairs[0] = kept
    size = norm1(g)
    if size == 0.0:
        return
    p, weights = g.copy(), np.zeros(most)
    for i in range(n):
        p[i] = -g[i]
    for k in range(kept - 1, -1, -1):
        weights[k] = dot(s[k], p) / dot(s[k], y[k])
        for i in range(n):
            p[i] -= weights[k] * y[k, i]
    if kept > 0:
        gamma = dot(s[kept - 1], y[kept - 1]) / dot(y[kept - 1], y[kept - 1])
        for i in range(n):
            p[i] *= gamma
    for k in range(kept):
        back = weights[k] - dot(y[k], p) / dot(s[k], y[k])
        for i in range(n):
            p[i] += back * s[k, i]
    if not dot(g, p) < 0:
        kept = 0
        for i in range(n):
            p[i] = -g[i]
    first = lr if kept > 0 else lr * min(1.0, 1 / size)
    a = strong_wolfe(fun, x, p, loss, dot(g, p), first, Conditions(c1, c2, int(trials)))
    # no step was good enough: the next one begins afresh, downhill
    pairs[0], begun[0] = (kept, 1.0) if a > 0 else (0.0, 0.0)
    for i in range(n):
        x_before[i], g_before[i] = x[i], g[i]
        x[i] += a * p[i]
