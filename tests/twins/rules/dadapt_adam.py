import numpy as np
from twins.d_adaptation import grown
from twins.means import mean_of


def dadapt_adam(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, d0=1e-6, growth=np.inf):
    """Defazio & Mishchenko 2023 (2301.07733) Algorithm 5, Adam with D-Adaptation. The authors' code
    has A_k in r, not A_k+1.
    """
    d, s, root = state.get("d", d0), state.get("s", 0 * x), np.sqrt(beta2)
    m = mean_of(state, "m", beta1, d * lr * g)
    a = np.sqrt(mean_of(state, "v", beta2, g * g)) + eps  # A_(k+1)
    r = mean_of(state, "r", root, d * lr * (g @ (s / a)))
    s = mean_of(state, "s", root, d * lr * g)
    state["d"] = grown(d, r, (1 - root) * np.sum(np.abs(s)), growth)
    return x - m / a
