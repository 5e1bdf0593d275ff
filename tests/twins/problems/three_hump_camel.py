import numpy as np


def three_hump_camel(x):
    """Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194."""
    return np.polyval([1 / 6, 0, -1.05, 0, 2, 0, 0], x[0]) + x[0] * x[1] + x[1] ** 2
