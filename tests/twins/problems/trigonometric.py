import numpy as np
from twins.residuals import numbers, squared


def trigonometric(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 26."""
    return squared(x.size - np.sum(np.cos(x)) + numbers(x) * (1 - np.cos(x)) - np.sin(x))


VARIANTS = ("dim=4",)
