import numpy as np
from twins.residuals import squared


def box_3d(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 12, m = 10."""
    t = 0.1 * np.arange(1, 11)
    return squared(np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t)))
