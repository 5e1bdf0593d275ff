import numpy as np


def lion(x, g, t, state, lr, beta1=0.9, beta2=0.99, weight_decay=0.0):
    """Chen et al. 2023 (2302.06675) Algorithm 2."""
    m = state.get("m", np.zeros_like(x))
    state["m"] = beta2 * m + (1 - beta2) * g
    return x - lr * (np.sign(beta1 * m + (1 - beta1) * g) + weight_decay * x)
