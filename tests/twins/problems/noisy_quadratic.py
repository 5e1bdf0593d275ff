import numpy as np
from twins.tilted import tilted


def noisy_quadratic(x):
    """Zhang et al. (2019), arXiv:1907.04164, section 3: the mean of what is fed."""
    return 0.5 * np.sum(np.geomspace(0.01, 1, x.size) * x**2)


def fed(x, draws, noise="white", level=0.1):
    """A tilt of the draws; or, state dependent, eigenvalues that vary with them."""
    if noise == "state_dependent":
        return 0.5 * np.sum(np.geomspace(0.01, 1, x.size) * x**2 * (1 + level * draws))
    return tilted(noisy_quadratic(x), x, draws, level)


VARIANTS = ("dim=4", "noise=heavy_tailed", "level=1.0,noise=state_dependent")
