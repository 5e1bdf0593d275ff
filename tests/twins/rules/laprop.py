import numpy as np
from twins.means import mean_of


def laprop(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-15):
    """Ziyin, Wang & Ueda 2020 (2002.04839) Algorithm 1: nu is beta2, mu is beta1."""
    n = mean_of(state, "n", beta2, g * g)
    m = mean_of(state, "m", beta1, g / (np.sqrt(n / (1 - beta2**t)) + eps))
    return x - lr * m / (1 - beta1**t)
