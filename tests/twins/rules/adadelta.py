import numpy as np
from twins.means import mean_of


def adadelta(x, g, t, state, lr, *, rho=0.95, eps=1e-6):
    """Zeiler 2012 (1212.5701) Algorithm 1; lr is not in the paper."""
    v = mean_of(state, "E[g2]", rho, g**2)  # 4
    move = -np.sqrt(state.get("E[dx2]", 0.0) + eps) / np.sqrt(v + eps) * g  # 5
    mean_of(state, "E[dx2]", rho, move**2)  # 6
    return x + lr * move  # 7
