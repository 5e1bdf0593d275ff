import numpy as np
from twins.residuals import squared


def brown_dennis(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 16, m = 20."""
    x1, x2, x3, x4 = x
    t = np.arange(1, 21) / 5
    return squared((x1 + t * x2 - np.exp(t)) ** 2 + (x3 + x4 * np.sin(t) - np.cos(t)) ** 2)
