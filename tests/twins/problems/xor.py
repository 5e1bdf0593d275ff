import numpy as np
from twins.networks import Network


def xor(hidden=2, loss="mean_squared_error", activation="tanh"):
    """Rumelhart, Hinton & Williams (1986), Nature 323, 533-536.

    Two outputs for two classes where the loss is softmax's.
    """
    inputs = np.array([[a, b] for a in (0.0, 1.0) for b in (0.0, 1.0)])
    truth = (inputs[:, :1] != inputs[:, 1:]).astype(float)
    widths = [2, hidden, 2 if loss == "softmax_cross_entropy" else 1]
    return Network(widths, activation, loss, 0.0, (inputs, truth))


VARIANTS = ("hidden=4,loss=softmax_cross_entropy", "activation=relu,hidden=4")
