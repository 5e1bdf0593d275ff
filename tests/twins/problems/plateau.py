import numpy as np


def plateau(x, sharpness=4.0):
    """HeavyBall, benchmark/plateau_navigation.py: a logistic step at the unit circle."""
    return 1 / (1 + np.exp(-sharpness * (x @ x - 1))) - 1 / (1 + np.exp(sharpness))


VARIANTS = ("sharpness=8.0",)
