import numpy as np
from twins.networks import Network


def two_spirals(hidden=8, layers=3):
    """Lang & Witbrock (1988), Connectionist Models Summer School, 52-59.

    The points as complex numbers, at a quarter of their size.
    """
    i = np.arange(97)
    arm = 6.5 / 4 * (104 - i) / 104 * 1j * np.exp(-1j * np.pi / 16 * i)
    points = np.concatenate([arm, -arm])
    inputs = np.stack([points.real, points.imag], axis=1)
    truth = np.concatenate([np.ones((97, 1)), np.zeros((97, 1))])
    widths = [2, *[hidden] * layers, 1]
    return Network(widths, "tanh", "binary_cross_entropy", 0.0, (inputs, truth))


VARIANTS = ("hidden=20,layers=1",)
