import numpy as np


def booth(x):
    """Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194."""
    return np.sum((np.array([[1, 2], [2, 1]]) @ x - [7, 5]) ** 2)
