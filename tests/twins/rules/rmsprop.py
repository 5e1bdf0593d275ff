import numpy as np


def rmsprop(x, g, t, state, lr, decay=0.9, eps=1e-8):
    """Tieleman & Hinton 2012, lecture 6e, slide 29: all squares so far, weighted anew at each
    step.
    """
    history = state.setdefault("history", [])
    history.append(g**2)
    weights = (1 - decay) * decay ** np.arange(len(history))[::-1]
    return x - lr * g / (np.sqrt(np.tensordot(weights, np.array(history), 1)) + eps)
