import numpy as np
from twins.d_adaptation import grown


def dadapt_sgd(x, g, t, state, lr, *, momentum=0.9, d0=1e-6, growth=np.inf):
    """Defazio & Mishchenko 2023 (2301.07733) Algorithm 4, SGD with D-Adaptation: beta is momentum;
    growth is the code's.
    """
    d, s, z, total = (
        state.setdefault(k, v) for k, v in (("d", d0), ("s", 0 * x), ("z", x), ("total", 0.0))
    )
    norm = state["g0"] = state.get("g0", 0.0) or np.linalg.norm(
        g
    )  # |g_0|; guard: the first that is not 0
    if norm == 0:
        return x
    lam = d * lr / norm
    total, s, z = total + lam * (g @ s), s + lam * g, z - lam * g
    state.update(total=total, s=s, z=z, d=grown(d, 2 * total, np.linalg.norm(s), growth))
    return momentum * x + (1 - momentum) * z
