import numpy as np
from twins.means import mean_of
from twins.quotients import quotient


def rmsprop_momentum(
    x, g, t, state, lr, *, decay=0.95, momentum=0.9, eps=0.0, eps_root=1e-4, centered=True
):
    """Graves 2013 (1308.0850) eq. 38-41."""
    n = mean_of(state, "n", decay, g * g)  # 38
    mean = mean_of(state, "g", decay, g) if centered else 0.0  # 39
    root = np.sqrt(np.maximum(n - mean**2, 0) + eps_root) + eps  # guard: max
    state["delta"] = momentum * state.get("delta", 0.0) - lr * quotient(g, root)  # 40
    return x + state["delta"]  # 41
