import numpy as np


def nonsmooth_valley(x):
    """Gurbuzbalaban & Overton (2012), the first nonsmooth variant."""
    return (x[0] - 1) ** 2 / 4 + np.abs(x[1:] - 2 * x[:-1] ** 2 + 1).sum()


VARIANTS = ("dim=4",)
