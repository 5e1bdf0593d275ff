import numpy as np


def beale(x):
    """Beale (1958): products instead of differences."""
    a, b = x
    return np.sum((np.array([1.5, 2.25, 2.625]) - a * (1 - b ** np.array([1, 2, 3]))) ** 2)
