import numpy as np
from twins.residuals import squared


def penalty_one(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 23."""
    return squared([*(1e-5**0.5 * (x - 1)), np.sum(x**2) - 1 / 4])


VARIANTS = ("dim=4",)
