import numpy as np
from twins.networks import Network


def sine_regression(frequency=2, hidden=16):
    """Rahaman et al. (2019), arXiv:1806.08734.

    32 points of one sine on [-pi, pi].
    """
    x = np.pi * (2 * np.arange(32) / 31 - 1)[:, None]
    return Network([1, hidden, 1], "tanh", "mean_squared_error", 0.0, (x, np.sin(frequency * x)))


VARIANTS = ("frequency=3,hidden=5",)
