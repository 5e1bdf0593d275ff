import numpy as np


def adam(x, g, t, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Kingma & Ba 2015 (1412.6980) Algorithm 1."""
    return x - lr * direction(g, t, state, beta1, beta2, eps)


def direction(g, t, state, beta1, beta2, eps):
    """The mean gradient over the root mean square, both corrected for their start at 0."""
    state["m"] = beta1 * state.get("m", 0.0) + (1 - beta1) * g
    state["v"] = beta2 * state.get("v", 0.0) + (1 - beta2) * g * g
    return (state["m"] / (1 - beta1**t)) / (np.sqrt(state["v"] / (1 - beta2**t)) + eps)
