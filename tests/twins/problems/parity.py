import itertools

import numpy as np
from twins.networks import Network


def parity(bits=4, hidden=8, loss="binary_cross_entropy", activation="tanh"):
    """Rumelhart, Hinton & Williams (1986), Parallel Distributed Processing 1, chapter 8.

    Parity is (1 - the product of the inputs and of (-1)**bits) / 2.
    """
    inputs = np.array(list(itertools.product([-1, 1], repeat=bits)))
    truth = (1 - (-1) ** bits * np.prod(inputs, axis=1, keepdims=True)) / 2
    return Network([bits, hidden, 1], activation, loss, 0.0, (inputs, truth))


VARIANTS = ("loss=mean_squared_error", "activation=relu,bits=5,hidden=3")
