import numpy as np


def mccormick(x):
    """Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194."""
    return np.sin(x.sum()) + np.subtract(*x) ** 2 + np.dot([-1.5, 2.5], x) + 1
