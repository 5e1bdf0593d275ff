import numpy as np
from twins.means import mean_of


def rmsprop_centered(x, g, t, state, lr, *, decay=0.9, eps=1e-8, eps_root=0.0):
    """Graves 2013 (1308.0850) eq. 38-40, the variance in place of the second moment, with no
    momentum.
    """
    v, mean = mean_of(state, "v", decay, g * g), mean_of(state, "mean", decay, g)
    return x - lr * g / (np.sqrt(np.maximum(v - mean**2, 0) + eps_root) + eps)  # guard: max
