import numpy as np
from twins.residuals import squared


def kowalik_osborne(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 15."""
    x1, x2, x3, x4 = x
    y = np.array(
        [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
    )
    u = np.array([4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])
    return squared(y - x1 * (u**2 + u * x2) / (u**2 + u * x3 + x4))
