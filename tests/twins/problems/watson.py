import numpy as np
from twins.residuals import squared


def watson(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 20."""
    p = np.polynomial.Polynomial(x)
    t = np.arange(1, 30) / 29
    return squared([*(p.deriv()(t) - p(t) ** 2 - 1), x[0], x[1] - x[0] ** 2 - 1])


VARIANTS = ("dim=9",)
