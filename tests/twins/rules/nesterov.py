import numpy as np


def nesterov(x, g, t, state, lr, momentum=0.9):
    """Sutskever et al., eq. 3 and 4, in the looked-ahead point: y = theta + momentum v."""
    velocity = state.get("v", np.zeros_like(x))
    theta = x - momentum * velocity
    velocity = momentum * velocity - lr * g
    theta = theta + velocity
    state["v"] = velocity
    return theta + momentum * velocity
