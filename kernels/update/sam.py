"""SAM: the gradient is taken where the loss is worst nearby, at the price of a second
evaluation.
"""

from ..linear import norm, step
from ..registry import optimizer


@optimizer(wraps="probe", partner="sgd", per="run", ranges={"rho": "[0, inf) log"})
def sam(y, g, rho=0.05):
    """Foret, Kleiner, Mobahi & Neyshabur (2021), Sharpness-Aware Minimization, Algorithm 1 with p =
    2, arXiv:2010.01412.

    rho : how far away, units of x.
    """
    slope = norm(g)
    if slope > 0:
        step(y, rho / slope, g)
