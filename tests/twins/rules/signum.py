import numpy as np
from twins.means import mean_of


def signum(x, g, t, state, lr, *, momentum=0.9):
    """Bernstein et al. 2018 (1802.04434) Algorithm 2."""
    return x - lr * np.sign(mean_of(state, "m", momentum, g))
