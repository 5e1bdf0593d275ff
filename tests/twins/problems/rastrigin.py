import numpy as np


def rastrigin(x):
    """Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194."""
    return 10 * x.size + np.sum(x**2 - 10 * np.cos(2 * np.pi * x))


VARIANTS = ("dim=3",)
