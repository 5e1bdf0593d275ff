import numpy as np
from twins.d_adaptation import grown
from twins.means import mean_of


def prodigy(
    x, g, t, state, lr, *, beta1=0.9, beta2=0.999, beta3=0.0, eps=1e-8, d0=1e-6, d_coef=1.0
):
    """Mishchenko & Defazio 2024 (2306.06101), Prodigy's Adam version; beta3 = 0 stands for the
    paper's sqrt(beta2).

    The authors' code has the new d beside eps; its factors 1/d_0 and no 1 - beta3 cancel in d hat.
    """
    start, d, beta3 = state.setdefault("start", x), state.get("d", d0), beta3 or np.sqrt(beta2)
    m = mean_of(state, "m", beta1, d * g)  # 5
    v = mean_of(state, "v", beta2, d**2 * g**2)  # 6
    r = mean_of(state, "r", beta3, lr * d**2 * (g @ (start - x)))  # 7
    s = mean_of(state, "s", beta3, lr * d**2 * g)  # 8
    state["d"] = grown(d, d_coef * r, np.sum(np.abs(s)))  # 9, 10
    return x - lr * d * m / (np.sqrt(v) + d * eps)  # 11
