import numpy as np


def adagrad(x, g, t, state, lr, *, eps=1e-10, eps_root=0.0, initial=0.0):
    """Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices: the sum of all squares anew at
    each step.
    """
    history = state.setdefault("history", [])
    history.append(g)
    return x - lr * g / (np.sqrt(initial + np.sum(np.square(history), axis=0) + eps_root) + eps)
