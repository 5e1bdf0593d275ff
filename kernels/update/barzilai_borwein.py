"""Barzilai-Borwein: the step size is a secant estimate of the inverse curvature, from the last step
alone.
"""

from ..linear import step
from ..registry import optimizer


@optimizer(per="run")
def barzilai_borwein(x, g, t, scale, x_before, g_before, lr=1e-2, long=True):
    """Barzilai & Borwein (1988), IMA Journal of Numerical Analysis 8(1), 141-148, eq. 5 and 6.

    x_before, g_before : the point and gradient one step ago.
    lr : the first step size, and that where the secant shows no curvature, units of x per unit of
    g.  long : <s, s> / <s, y> instead of <s, y> / <y, y>.
    """
    ss, sy, yy = 0.0, 0.0, 0.0
    for i in range(x.size):
        s, y = x[i] - x_before[i], g[i] - g_before[i]
        ss, sy, yy = ss + s * s, sy + s * y, yy + y * y
        x_before[i], g_before[i] = x[i], g[i]
    secant = t > 1 and sy > 0
    step(x, -(scale * (ss / sy if long else sy / yy) if secant else lr), g)
