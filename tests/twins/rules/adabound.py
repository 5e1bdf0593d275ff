import numpy as np
from twins.means import mean_of


def adabound(
    x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, final=0.1, gamma=1e-3, scale=1.0
):
    """Luo et al. 2019 (1902.09843) Algorithm 2 with the bounds of section 4; `scale`, a schedule's,
    is its 1/sqrt(t).

    eps is not in the paper. The authors' code corrects the bias of m and v besides, and applies no
    1/sqrt(t).
    """
    low, high = final * (1 - 1 / (gamma * t + 1)), final * (1 + 1 / (gamma * t))
    m, v = mean_of(state, "m", beta1, g), mean_of(state, "v", beta2, g * g)  # 4, 5
    eta = scale * np.clip((lr / scale if scale else 0.0) / (np.sqrt(v) + eps), low, high)  # 6
    return x - eta * m  # 7
