import numpy as np
from twins.residuals import squared


def gaussian(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 9."""
    falling = np.array([0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009])
    y = np.concatenate([falling[:0:-1], falling])
    t = (8 - np.arange(1, 16)) / 2
    return squared(x[0] * np.exp(-x[1] * (t - x[2]) ** 2 / 2) - y)
