import numpy as np


def signsgd(x, g, t, state, lr):
    """Bernstein et al. 2018 (1802.04434) Algorithm 1."""
    return x - lr * np.sign(g)
