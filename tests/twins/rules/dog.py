import numpy as np
from twins.quotients import quotient


def dog(x, g, t, state, lr, *, reps_rel=1e-6, eps=0.0):
    """Ivgi, Hinder & Carmon 2023 (2302.12022) eq. DoG; r_eps = reps_rel (1 + |x_0|). The authors'
    code has eps = 1e-8.
    """
    start = state.setdefault("start", x)
    r = state["r"] = max(
        state.get("r", reps_rel * (1 + np.linalg.norm(start))), np.linalg.norm(x - start)
    )  # r bar
    total = state["G"] = state.get("G", 0.0) + g @ g  # G_t
    return x - lr * r * quotient(g, np.sqrt(total + eps))
