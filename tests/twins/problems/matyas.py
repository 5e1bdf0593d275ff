import numpy as np


def matyas(x):
    """Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194."""
    return 0.26 * (x @ x) - 0.48 * np.prod(x)
