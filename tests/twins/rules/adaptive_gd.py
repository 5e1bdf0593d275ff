import numpy as np


def adaptive_gd(x, g, t, state, lr):
    """Malitsky & Mishchenko 2020 (1910.09529) Algorithm 1; lambda_0 is lr."""
    lam, theta = state.get("lam", 0.0), state.get("theta", np.inf)
    if lam == 0:
        new, theta = lr, np.inf  # 1, 2; guard: again where a step was 0
    else:
        dx, dg = np.linalg.norm(x - state["x"]), np.linalg.norm(g - state["g"])
        new = min(
            np.sqrt(1 + theta) * lam, dx / (2 * dg) if dx > 0 and dg > 0 else np.inf
        )  # 4; guard: inf
        new = lam if new == np.inf else new  # guard
        theta = new / lam  # 6
    state.update(x=x, g=g, lam=new, theta=theta)
    return x - new * g  # 5
