import numpy as np


def styblinski_tang(x):
    """Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194."""
    return np.sum(x**4 - 16 * x**2 + 5 * x) / 2


VARIANTS = ("dim=3",)
