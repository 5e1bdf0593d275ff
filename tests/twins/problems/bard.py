import numpy as np
from twins.residuals import squared


def bard(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 8."""
    y = np.array(
        [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
    )
    u = np.arange(1, 16)
    v = 16 - u
    return squared(y - (x[0] + u / (v * x[1] + np.minimum(u, v) * x[2])))
