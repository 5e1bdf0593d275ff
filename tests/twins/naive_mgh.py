"""Plain NumPy twins of the data-fitting and badly scaled problems of More, Garbow & Hillstrom: one
run `x (n,)`.

MGH is More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, whose functions are sums of squares of
the f_i given there.
"""

import numpy as np


def squared(residuals):
    return np.sum(np.square(residuals))


def freudenstein_roth(x):
    """MGH 2."""
    x1, x2 = x
    return squared([-13 + x1 + ((5 - x2) * x2 - 2) * x2, -29 + x1 + ((x2 + 1) * x2 - 14) * x2])


def powell_badly_scaled(x):
    """MGH 3."""
    x1, x2 = x
    return squared([10**4 * x1 * x2 - 1, np.exp(-x1) + np.exp(-x2) - 1.0001])


def brown_badly_scaled(x):
    """MGH 4."""
    x1, x2 = x
    return squared([x1 - 10**6, x2 - 2 * 10**-6, x1 * x2 - 2])


def jennrich_sampson(x):
    """MGH 6, m = 10."""
    i = np.arange(1, 11)
    return squared(2 + 2 * i - (np.exp(i * x[0]) + np.exp(i * x[1])))


def bard(x):
    """MGH 8."""
    y = np.array(
        [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
    )
    u = np.arange(1, 16)
    v = 16 - u
    return squared(y - (x[0] + u / (v * x[1] + np.minimum(u, v) * x[2])))


def gaussian(x):
    """MGH 9."""
    falling = np.array([0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009])
    y = np.concatenate([falling[:0:-1], falling])
    t = (8 - np.arange(1, 16)) / 2
    return squared(x[0] * np.exp(-x[1] * (t - x[2]) ** 2 / 2) - y)


def meyer(x):
    """MGH 10."""
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


def box_3d(x):
    """MGH 12, m = 10."""
    t = 0.1 * np.arange(1, 11)
    return squared(np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t)))


def kowalik_osborne(x):
    """MGH 15."""
    x1, x2, x3, x4 = x
    y = np.array(
        [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
    )
    u = np.array([4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625])
    return squared(y - x1 * (u**2 + u * x2) / (u**2 + u * x3 + x4))


def brown_dennis(x):
    """MGH 16, m = 20."""
    x1, x2, x3, x4 = x
    t = np.arange(1, 21) / 5
    return squared((x1 + t * x2 - np.exp(t)) ** 2 + (x3 + x4 * np.sin(t) - np.cos(t)) ** 2)


def osborne_one(x):
    """MGH 17."""
    x1, x2, x3, x4, x5 = x
    thousandths = np.array(
        [
            844,
            908,
            932,
            936,
            925,
            908,
            881,
            850,
            818,
            784,
            751,
            718,
            685,
            658,
            628,
            603,
            580,
            558,
            538,
            522,
            506,
            490,
            478,
            467,
            457,
            448,
            438,
            431,
            424,
            420,
            414,
            411,
            406,
        ]
    )
    t = 10 * np.arange(33)
    return squared(thousandths / 1000 - (x1 + x2 * np.exp(-t * x4) + x3 * np.exp(-t * x5)))


def biggs(x):
    """MGH 18, m = 13."""
    x1, x2, x3, x4, x5, x6 = x
    t = 0.1 * np.arange(1, 14)
    y = np.exp(-t) - 5 * np.exp(-10 * t) + 3 * np.exp(-4 * t)
    return squared(x3 * np.exp(-t * x1) - x4 * np.exp(-t * x2) + x6 * np.exp(-t * x5) - y)


TWINS = {
    "bard": bard,
    "biggs": biggs,
    "box_3d": box_3d,
    "brown_badly_scaled": brown_badly_scaled,
    "brown_dennis": brown_dennis,
    "freudenstein_roth": freudenstein_roth,
    "gaussian": gaussian,
    "jennrich_sampson": jennrich_sampson,
    "kowalik_osborne": kowalik_osborne,
    "meyer": meyer,
    "osborne_one": osborne_one,
    "powell_badly_scaled": powell_badly_scaled,
}
