import numpy as np


def saddle(x):
    """Nesterov (2004), example 1.2.2, in coordinates turned by 45 degrees."""
    u, v = np.array([[1, 1], [1, -1]]) @ x / np.sqrt(2)
    return u**2 / 2 + v**4 / 4 - v**2 / 2


VARIANTS = ("near=0.1",)
