import numpy as np
from twins.quotients import quotient
from twins.tensors import by_tensor


def novograd(
    x, g, t, state, lr, *, shapes=None, beta1=0.95, beta2=0.98, eps=1e-8, weight_decay=0.0
):
    """Ginsburg et al. 2019 (1905.11286) Algorithm 1: v_1 = |g_1|^2, m_1 = g_1/|g_1| + d w (here
    with eps at t = 1 too).
    """

    def layer(w, g, state):
        square = np.sum(g**2)
        state["v"] = beta2 * state["v"] + (1 - beta2) * square if t > 1 else square
        state["m"] = (
            beta1 * state.get("m", 0.0) + quotient(g, np.sqrt(state["v"]) + eps) + weight_decay * w
        )
        return w - lr * state["m"]

    return by_tensor(layer, x, g, state, shapes)
