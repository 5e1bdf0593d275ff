import numpy as np
from twins.means import mean_of


def qhadam(x, g, t, state, lr, *, nu1=0.7, nu2=1.0, beta1=0.995, beta2=0.999, eps=1e-8):
    """Ma & Yarats 2019 (1810.06801), QHAdam."""
    m = mean_of(state, "g", beta1, g) / (1 - beta1**t)
    s = mean_of(state, "s", beta2, g**2) / (1 - beta2**t)
    return x - lr * ((1 - nu1) * g + nu1 * m) / (np.sqrt((1 - nu2) * g**2 + nu2 * s) + eps)
