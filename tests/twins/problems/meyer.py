import numpy as np
from twins.residuals import squared


def meyer(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 10."""
    y = [
        34780,
        28610,
        23650,
        19630,
        16370,
        13720,
        11540,
        9744,
        8261,
        7030,
        6005,
        5147,
        4427,
        3820,
        3307,
        2872,
    ]
    t = 45 + 5 * np.arange(1, 17)
    return squared(x[0] * np.exp(x[1] / (t + x[2])) - y)
