import numpy as np
from twins.tilted import tilted


def noisy_branin(x):
    """Dixon & Szego (1978): a (v - b u**2 + c u - d)**2 + e (1 - f) cos u + e."""
    u, v = x
    a, b, c, d, e, f = 1, 5.1 / (4 * np.pi**2), 5 / np.pi, 6, 10, 1 / (8 * np.pi)
    return a * (v - b * u**2 + c * u - d) ** 2 + e * (1 - f) * np.cos(u) + e


def fed(x, draws, level=1.0):
    """A tilt of the draws."""
    return tilted(noisy_branin(x), x, draws, level)


VARIANTS = ("level=0.1",)
