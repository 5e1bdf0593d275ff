import numpy as np
from twins.residuals import squared


def helical_valley(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 7."""
    x1, x2, x3 = x
    theta = np.arctan(x2 / x1) / (2 * np.pi) + (0.5 if x1 < 0 else 0.0)
    return squared([10 * (x3 - 10 * theta), 10 * (np.hypot(x1, x2) - 1), x3])
