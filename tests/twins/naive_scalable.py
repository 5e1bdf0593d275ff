"""Plain NumPy twins of the problems of any dimension: one run `x (n,)`, from the papers' formulas,
not from the kernels.

MGH is More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, whose functions are sums of squares of
the f_i given there.
"""

import numpy as np


def squared(residuals):
    return np.sum(np.square(residuals))


def numbers(x):
    """1 ... n, as the papers number."""
    return np.arange(1, x.size + 1)


def sphere(x):
    return x @ x


def dixon_price(x):
    return (x[0] - 1) ** 2 + np.sum(numbers(x)[1:] * (2 * x[1:] ** 2 - x[:-1]) ** 2)


def zakharov(x):
    s = np.sum(0.5 * numbers(x) * x)
    return np.sum(x**2) + s**2 + s**4


def powell_singular(x):
    """MGH 13 and 22."""
    x1, x2, x3, x4 = x.reshape(-1, 4).T
    return squared([x1 + 10 * x2, 5**0.5 * (x3 - x4), (x2 - 2 * x3) ** 2, 10**0.5 * (x1 - x4) ** 2])


def wood(x):
    """MGH 14."""
    x1, x2, x3, x4 = x
    f = [
        10 * (x2 - x1**2),
        1 - x1,
        90**0.5 * (x4 - x3**2),
        1 - x3,
        10**0.5 * (x2 + x4 - 2),
        10**-0.5 * (x2 - x4),
    ]
    return squared(f)


def helical_valley(x):
    """MGH 7."""
    x1, x2, x3 = x
    theta = np.arctan(x2 / x1) / (2 * np.pi) + (0.5 if x1 < 0 else 0.0)
    return squared([10 * (x3 - 10 * theta), 10 * (np.hypot(x1, x2) - 1), x3])


def trigonometric(x):
    """MGH 26."""
    return squared(x.size - np.sum(np.cos(x)) + numbers(x) * (1 - np.cos(x)) - np.sin(x))


def penalty_one(x):
    """MGH 23."""
    return squared([*(1e-5**0.5 * (x - 1)), np.sum(x**2) - 1 / 4])


def penalty_two(x):
    """MGH 24."""
    n, root = x.size, 1e-5**0.5
    y = [np.exp(i / 10) + np.exp((i - 1) / 10) for i in range(2, n + 1)]
    first = [
        root * (np.exp(x[i - 1] / 10) + np.exp(x[i - 2] / 10) - y[i - 2]) for i in range(2, n + 1)
    ]
    second = [root * (np.exp(x[i - n] / 10) - np.exp(-1 / 10)) for i in range(n + 1, 2 * n)]
    return squared(
        [x[0] - 0.2, *first, *second, sum((n - j + 1) * x[j - 1] ** 2 for j in range(1, n + 1)) - 1]
    )


def variably_dimensioned(x):
    """MGH 25."""
    s = numbers(x) @ (x - 1)
    return squared([*(x - 1), s, s**2])


def brown_almost_linear(x):
    """MGH 27."""
    return squared([*(x[:-1] + np.sum(x) - (x.size + 1)), np.prod(x) - 1])


def discrete_boundary_value(x):
    """MGH 28."""
    h = 1 / (x.size + 1)
    ends = np.pad(x, 1)
    return squared(2 * x - ends[:-2] - ends[2:] + h**2 * (x + numbers(x) * h + 1) ** 3 / 2)


def broyden_tridiagonal(x):
    """MGH 30."""
    ends = np.pad(x, 1)
    return squared((3 - 2 * x) * x - ends[:-2] - 2 * ends[2:] + 1)


def watson(x):
    """MGH 20."""
    p = np.polynomial.Polynomial(x)
    t = np.arange(1, 30) / 29
    return squared([*(p.deriv()(t) - p(t) ** 2 - 1), x[0], x[1] - x[0] ** 2 - 1])


def nesterov_worst(x):
    """Nesterov (2004), section 2.1.2, with L = 1: the quadratic form with the matrix of second
    differences.
    """
    matrix = 2 * np.eye(x.size) - np.eye(x.size, k=1) - np.eye(x.size, k=-1)
    return (x @ matrix @ x / 2 - x[0]) / 4


def quadratic(*eigenvalues):
    return lambda x: 0.5 * np.dot(eigenvalues, x**2)


TWINS = {
    "quadratic": quadratic(*np.geomspace(0.01, 1, 10)),
    "quadratic[condition=1000.0]": quadratic(*np.geomspace(0.001, 1, 10)),
    "quadratic[spectrum=one_outlier]": quadratic(*[0.01] * 9, 1.0),
    "quadratic[dim=5,spectrum=two_clusters]": quadratic(0.01, 0.02, 0.9, 0.95, 1.0),
    "sphere": sphere,
    "sphere[dim=3]": sphere,
    "dixon_price": dixon_price,
    "dixon_price[dim=3]": dixon_price,
    "zakharov": zakharov,
    "zakharov[dim=3]": zakharov,
    "powell_singular": powell_singular,
    "powell_singular[dim=8]": powell_singular,
    "wood": wood,
    "helical_valley": helical_valley,
    "trigonometric": trigonometric,
    "trigonometric[dim=4]": trigonometric,
    "penalty_one": penalty_one,
    "penalty_one[dim=4]": penalty_one,
    "penalty_two": penalty_two,
    "penalty_two[dim=4]": penalty_two,
    "variably_dimensioned": variably_dimensioned,
    "variably_dimensioned[dim=3]": variably_dimensioned,
    "brown_almost_linear": brown_almost_linear,
    "brown_almost_linear[dim=5]": brown_almost_linear,
    "discrete_boundary_value": discrete_boundary_value,
    "discrete_boundary_value[dim=5]": discrete_boundary_value,
    "broyden_tridiagonal": broyden_tridiagonal,
    "broyden_tridiagonal[dim=4]": broyden_tridiagonal,
    "watson": watson,
    "watson[dim=9]": watson,
    "nesterov_worst": nesterov_worst,
    "nesterov_worst[dim=5]": nesterov_worst,
}
"""The twin of each problem, by its name: every family, and a second set of parameters where it has
any.
"""
