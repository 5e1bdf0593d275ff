import numpy as np
from twins.means import mean_of


def yogi(
    x,
    g,
    t,
    state,
    lr,
    *,
    beta1=0.9,
    beta2=0.999,
    eps=1e-3,
    initial=1e-6,
    initial_m=0.0,
    debias=False,
):
    """Zaheer et al. 2018 (Adaptive Methods for Nonconvex Optimization) Algorithm 2."""
    v = state.get("v", initial)
    state.setdefault("m", initial_m)
    m = mean_of(state, "m", beta1, g)
    v = state["v"] = v - (1 - beta2) * np.sign(v - g**2) * g**2
    if debias:
        m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return x - lr * m / (np.sqrt(v) + eps)
