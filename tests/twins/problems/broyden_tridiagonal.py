import numpy as np
from twins.residuals import squared


def broyden_tridiagonal(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 30."""
    ends = np.pad(x, 1)
    return squared((3 - 2 * x) * x - ends[:-2] - 2 * ends[2:] + 1)


VARIANTS = ("dim=4",)
