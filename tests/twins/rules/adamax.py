import numpy as np
from twins.means import mean_of


def adamax(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8):
    """Kingma & Ba 2015 (1412.6980) Algorithm 2; eps is not in the paper."""
    m = mean_of(state, "m", beta1, g)
    u = state["u"] = np.maximum(beta2 * state.get("u", 0.0), np.abs(g) + eps)
    return x - lr / (1 - beta1**t) * m / u
