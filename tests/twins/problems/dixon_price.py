import numpy as np
from twins.residuals import numbers


def dixon_price(x):
    """Dixon & Price (1989), J. Optim. Theory Appl. 60(2), 261-275."""
    return (x[0] - 1) ** 2 + np.sum(numbers(x)[1:] * (2 * x[1:] ** 2 - x[:-1]) ** 2)


VARIANTS = ("dim=3",)
