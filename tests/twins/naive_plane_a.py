"""Plain NumPy twins of the classic test functions of the plane, some for any dimension: one run `x
(n,)`.

From the papers' formulas, not from the kernels: Jamil & Yang (2013), Int. J. Math. Modelling Numer.
Optim. 4(2), 150-194, and for Levy's Laguna & Marti (2005), J. Global Optim. 33(2), 235-255.
"""

import numpy as np


def branin(x):
    x1, x2 = x
    valley = x2 - 5.1 / (4 * np.pi**2) * x1**2 + 5 / np.pi * x1 - 6
    return valley**2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x1) + 10


def himmelblau(x):
    x1, x2 = x
    return (x1**2 + x2 - 11) ** 2 + (x1 + x2**2 - 7) ** 2


def booth(x):
    return np.sum((np.array([[1, 2], [2, 1]]) @ x - [7, 5]) ** 2)


def matyas(x):
    return 0.26 * (x @ x) - 0.48 * np.prod(x)


def styblinski_tang(x):
    return np.sum(x**4 - 16 * x**2 + 5 * x) / 2


def ackley(x):
    return (
        -20 * np.exp(-0.2 * np.sqrt(np.mean(x**2)))
        - np.exp(np.mean(np.cos(2 * np.pi * x)))
        + 20
        + np.e
    )


def rastrigin(x):
    return 10 * x.size + np.sum(x**2 - 10 * np.cos(2 * np.pi * x))


def levy(x):
    w = 1 + (x - 1) / 4
    inner = np.sum((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2))
    return (
        np.sin(np.pi * w[0]) ** 2 + inner + (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2)
    )


def griewank(x):
    return np.sum(x**2) / 4000 - np.prod(np.cos(x / np.sqrt(np.arange(1, x.size + 1)))) + 1


TWINS = {
    "branin": branin,
    "himmelblau": himmelblau,
    "booth": booth,
    "matyas": matyas,
    "styblinski_tang": styblinski_tang,
    "styblinski_tang[dim=3]": styblinski_tang,
    "ackley": ackley,
    "ackley[dim=3]": ackley,
    "rastrigin": rastrigin,
    "rastrigin[dim=3]": rastrigin,
    "levy": levy,
    "levy[dim=3]": levy,
    "griewank": griewank,
    "griewank[dim=3]": griewank,
}
"""The twin of each problem, by its name: every family, and a second set of parameters where it has
any.
"""
