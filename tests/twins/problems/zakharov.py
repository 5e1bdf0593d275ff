import numpy as np
from twins.residuals import numbers


def zakharov(x):
    """Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194."""
    s = np.sum(0.5 * numbers(x) * x)
    return np.sum(x**2) + s**2 + s**4


VARIANTS = ("dim=3",)
