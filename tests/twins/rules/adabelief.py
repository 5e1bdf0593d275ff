import numpy as np
from twins.means import mean_of


def adabelief(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-16, eps_root=1e-16):
    """Zhuang et al. 2020 (2010.07468) Algorithm 2; its one epsilon is eps_root inside s_t and eps
    beside the root.
    """
    m = mean_of(state, "m", beta1, g)
    s = state["s"] = beta2 * state.get("s", 0.0) + (1 - beta2) * (g - m) ** 2 + eps_root
    return x - lr * (m / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + eps)
