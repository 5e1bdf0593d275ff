import numpy as np
from twins.residuals import squared


def biggs(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 18, m = 13."""
    x1, x2, x3, x4, x5, x6 = x
    t = 0.1 * np.arange(1, 14)
    y = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
    return squared(x3 * np.exp(-t * x1) - x4 * np.exp(-t * x2) + x6 * np.exp(-t * x5) - y)
