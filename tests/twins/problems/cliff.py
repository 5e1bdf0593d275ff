import numpy as np


def cliff(x):
    """Buckley (1989), problem 206."""
    x1, x2 = x
    return ((x1 - 3) / 100) ** 2 - (x1 - x2) + np.exp(20 * (x1 - x2))
