import numpy as np
from twins.residuals import squared


def jennrich_sampson(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 6, m = 10."""
    i = np.arange(1, 11)
    return squared(2 + 2 * i - (np.exp(i * x[0]) + np.exp(i * x[1])))
