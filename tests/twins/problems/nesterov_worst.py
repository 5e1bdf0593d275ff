import numpy as np


def nesterov_worst(x):
    """Nesterov (2004), section 2.1.2, with L = 1: the quadratic form with the matrix of second
    differences.
    """
    matrix = 2 * np.eye(x.size) - np.eye(x.size, k=1) - np.eye(x.size, k=-1)
    return (x @ matrix @ x / 2 - x[0]) / 4


VARIANTS = ("dim=5",)
