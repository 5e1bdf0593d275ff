import numpy as np
from twins.residuals import squared


def powell_badly_scaled(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 3."""
    x1, x2 = x
    return squared([10**4 * x1 * x2 - 1, np.exp(-x1) + np.exp(-x2) - 1.0001])
