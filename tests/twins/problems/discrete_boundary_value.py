import numpy as np
from twins.residuals import numbers, squared


def discrete_boundary_value(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 28."""
    h = 1 / (x.size + 1)
    ends = np.pad(x, 1)
    return squared(2 * x - ends[:-2] - ends[2:] + h**2 * (x + numbers(x) * h + 1) ** 3 / 2)


VARIANTS = ("dim=5",)
