import numpy as np
from twins.means import mean_of


def adopt(x, g, t, state, lr, *, beta1=0.9, beta2=0.9999, eps=1e-6, clip=0.25):
    """Taniguchi et al. 2024 (2411.02853), ADOPT with clipping: c_t = t^clip; its t = 1 is the
    second gradient here.
    """
    if t == 1:
        state["v"] = g**2  # v_0 = g_0^2
        return x
    v = state.get("v", 0 * g)
    normed = g / np.maximum(np.sqrt(v), eps)
    if clip > 0:
        normed = np.clip(normed, -((t - 1) ** clip), (t - 1) ** clip)
    state["v"] = beta2 * v + (1 - beta2) * g**2
    return x - lr * mean_of(state, "m", beta1, normed)
