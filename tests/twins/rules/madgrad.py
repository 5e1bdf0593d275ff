import numpy as np


def madgrad(x, g, t, state, lr, *, momentum=0.9, eps=1e-6):
    """Defazio & Jelassi 2021 (2101.11075) Algorithm 1: c is 1 - momentum."""
    start = state.setdefault("start", x)
    lam = lr * np.sqrt(t)  # 4
    s = state["s"] = state.get("s", 0.0) + lam * g  # 5
    nu = state["nu"] = state.get("nu", 0.0) + lam * g**2  # 6
    z = start - s / (np.cbrt(nu) + eps)  # 7
    return momentum * x + (1 - momentum) * z  # 8
