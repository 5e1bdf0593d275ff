import numpy as np


def rosenbrock(x):
    """Rosenbrock (1960), Computer Journal 3(3), 175-184, as a sum over neighbours."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


VARIANTS = ("dim=7",)
