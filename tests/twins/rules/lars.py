import numpy as np
from twins.tensors import by_tensor


def lars(x, g, t, state, lr, *, shapes=None, momentum=0.9, trust=1e-3, weight_decay=0.0):
    """You, Gitman & Ginsburg 2017 (1708.03888) Algorithm 1."""

    def layer(w, g, state):
        norm, total = np.linalg.norm(w), np.linalg.norm(g) + weight_decay * np.linalg.norm(w)
        local = trust * norm / total if norm > 0 and total > 0 else 1.0  # lambda; guard: 1
        state["v"] = momentum * state.get("v", 0.0) + lr * local * (g + weight_decay * w)
        return w - state["v"]

    return by_tensor(layer, x, g, state, shapes)
