import numpy as np
from twins.means import mean_of


def adan(
    x,
    g,
    t,
    state,
    lr,
    *,
    beta1=0.98,
    beta2=0.92,
    beta3=0.99,
    eps=1e-8,
    weight_decay=0.0,
    debias=False,
):
    """Xie et al. 2022 (2208.06677) Algorithm 1; its beta is 1 - beta here. The authors' code starts
    at 0 and corrects.
    """
    diff = g - state.get("g", 0 * g) if t > 1 else 0 * g
    state["g"] = g
    if t == 1 and not debias:
        state.update(m=g, v=0 * g, n=g**2)  # m_0 = g_0, n_0 = g_0^2
    else:
        mean_of(state, "m", beta1, g)  # 3
        mean_of(state, "v", beta2, diff)  # 4
        mean_of(state, "n", beta3, (g + beta2 * diff) ** 2)  # 5
    if t == 2 and not debias:
        state["v"] = diff  # v_1 = g_1 - g_0
    m, v, n = (
        state[k] / (1 - b**t if debias else 1)
        for k, b in (("m", beta1), ("v", beta2), ("n", beta3))
    )
    eta = lr / (np.sqrt(n) + eps)  # 6
    return (x - eta * (m + beta2 * v)) / (1 + lr * weight_decay)  # 7
