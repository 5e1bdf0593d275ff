"""Adaptive gradient descent without descent: the step size follows the curvature seen along the
way.
"""

from math import inf, sqrt

from ..linear import distance, step
from ..registry import optimizer


@optimizer(per="run", slots={"rate": (), "theta": ()})
def adaptive_gd(x, g, scale, x_before, g_before, rate, theta, lr=1e-2):
    """Malitsky & Mishchenko (2020), Adaptive Gradient Descent without Descent, Algorithm 1,
    arXiv:1910.09529.

    x_before, g_before : the point and gradient one step ago.  rate : the last step size.  theta :
    its growth, 0 for unknown.
    lr : the first step size, units of x per unit of g.
    """
    if rate[0] == 0.0:
        rate[0] = lr / scale
    else:
        moved, turned = distance(x, x_before), distance(g, g_before)
        curvature = moved / (2 * turned) if moved > 0 and turned > 0 else inf
        growth = sqrt(1 + theta[0]) * rate[0] if theta[0] > 0 else inf
        new = min(growth, curvature)
        new = new if new < inf else rate[0]  # the second step without curvature
        theta[0], rate[0] = new / rate[0], new
    for i in range(x.size):
        x_before[i], g_before[i] = x[i], g[i]
    step(x, -scale * rate[0], g)
