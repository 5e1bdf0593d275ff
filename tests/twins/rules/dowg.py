import numpy as np
from twins.quotients import quotient


def dowg(x, g, t, state, lr, *, reps_rel=1e-6, eps=0.0):
    """Khaled, Mishchenko & Jin 2023 (2305.16284) Algorithm 1; r_eps as in dog, eps is not in the
    paper.
    """
    start = state.setdefault("start", x)
    r = state["r"] = max(
        state.get("r", reps_rel * (1 + np.linalg.norm(start))), np.linalg.norm(x - start)
    )  # 4
    v = state["v"] = state.get("v", 0.0) + r**2 * (g @ g)  # 5
    return x - lr * r**2 * quotient(g, np.sqrt(v) + eps)  # 6, 7
