import numpy as np
from twins.means import mean_of
from twins.schedule_free import schedule_free_mean


def schedule_free_adamw(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    """Defazio et al. 2024 (2405.15682) Algorithm 1, x and y as above.

    The authors' code corrects v before eps is added and weights by the largest lr so far, not by
    gamma_t.
    """
    v = mean_of(state, "v", beta2, g * g)  # 7
    gamma = lr * np.sqrt(1 - beta2**t)  # 8
    z = state["z"] = (
        state.get("z", x) - gamma * g / (np.sqrt(v) + eps) - gamma * weight_decay * x
    )  # 9
    return schedule_free_mean(x, z, state, gamma, beta1)
