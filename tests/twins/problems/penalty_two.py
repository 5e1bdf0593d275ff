import numpy as np
from twins.residuals import squared


def penalty_two(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 24."""
    n, root = x.size, 1e-5**0.5
    y = [np.exp(i / 10) + np.exp((i - 1) / 10) for i in range(2, n + 1)]
    first = [
        root * (np.exp(x[i - 1] / 10) + np.exp(x[i - 2] / 10) - y[i - 2]) for i in range(2, n + 1)
    ]
    second = [root * (np.exp(x[i - n] / 10) - np.exp(-1 / 10)) for i in range(n + 1, 2 * n)]
    return squared(
        [x[0] - 0.2, *first, *second, sum((n - j + 1) * x[j - 1] ** 2 for j in range(1, n + 1)) - 1]
    )


VARIANTS = ("dim=4",)
