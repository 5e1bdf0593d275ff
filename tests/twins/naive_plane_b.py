"""Plain NumPy twins of ten problems, most of them in the plane: one run `x (n,)`, from the papers'
formulas.
"""

import numpy as np


def schwefel(x):
    """Schwefel (1981), problem 2.26, raised so that its minimum is 0."""
    return 418.9828872724338 * x.size - np.sum(x * np.sin(np.sqrt(np.abs(x))))


def three_hump_camel(x):
    return np.polyval([1 / 6, 0, -1.05, 0, 2, 0, 0], x[0]) + x[0] * x[1] + x[1] ** 2


def six_hump_camel(x):
    """Dixon & Szego (1978)."""
    x1, x2 = x
    return (4 - 2.1 * x1**2 + x1**4 / 3) * x1**2 + x1 * x2 + (-4 + 4 * x2**2) * x2**2


def mccormick(x):
    return np.sin(x.sum()) + np.subtract(*x) ** 2 + np.dot([-1.5, 2.5], x) + 1


def goldstein_price(x):
    """Goldstein & Price (1971), the expanded polynomials."""
    x1, x2 = x
    first = 1 + (x1 + x2 + 1) ** 2 * (19 - 14 * x1 + 3 * x1**2 - 14 * x2 + 6 * x1 * x2 + 3 * x2**2)
    return first * (
        30
        + (2 * x1 - 3 * x2) ** 2 * (18 - 32 * x1 + 12 * x1**2 + 48 * x2 - 36 * x1 * x2 + 27 * x2**2)
    )


def easom(x):
    return -np.prod(np.cos(x)) * np.exp(-np.sum((x - np.pi) ** 2))


def saddle(x):
    """Nesterov (2004), example 1.2.2, in coordinates turned by 45 degrees."""
    u, v = np.array([[1, 1], [1, -1]]) @ x / np.sqrt(2)
    return u**2 / 2 + v**4 / 4 - v**2 / 2


def plateau(sharpness):
    def loss(x):
        return 1 / (1 + np.exp(-sharpness * (x @ x - 1))) - 1 / (1 + np.exp(sharpness))

    return loss


def cliff(x):
    """Buckley (1989), problem 206."""
    x1, x2 = x
    return ((x1 - 3) / 100) ** 2 - (x1 - x2) + np.exp(20 * (x1 - x2))


def nonsmooth_valley(x):
    """Gurbuzbalaban & Overton (2012), the first nonsmooth variant."""
    return (x[0] - 1) ** 2 / 4 + np.abs(x[1:] - 2 * x[:-1] ** 2 + 1).sum()


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def beale(x):
    """Beale (1958): products instead of differences."""
    a, b = x
    return np.sum((np.array([1.5, 2.25, 2.625]) - a * (1 - b ** np.array([1, 2, 3]))) ** 2)


TWINS = {
    "rosenbrock": rosenbrock,
    "rosenbrock[dim=7]": rosenbrock,
    "beale": beale,
    "schwefel": schwefel,
    "schwefel[dim=10]": schwefel,
    "three_hump_camel": three_hump_camel,
    "six_hump_camel": six_hump_camel,
    "mccormick": mccormick,
    "goldstein_price": goldstein_price,
    "easom": easom,
    "saddle": saddle,
    "saddle[near=0.1]": saddle,
    "plateau": plateau(4.0),
    "plateau[sharpness=8.0]": plateau(8.0),
    "cliff": cliff,
    "nonsmooth_valley": nonsmooth_valley,
    "nonsmooth_valley[dim=4]": nonsmooth_valley,
}
"""The twin of each problem, by its name: every family, and a second set of parameters where it has
any.
"""
