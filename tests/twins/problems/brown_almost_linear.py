import numpy as np
from twins.residuals import squared


def brown_almost_linear(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 27."""
    return squared([*(x[:-1] + np.sum(x) - (x.size + 1)), np.prod(x) - 1])


VARIANTS = ("dim=5",)
