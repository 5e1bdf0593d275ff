import numpy as np


def easom(x):
    """Easom (1990), M. Eng. thesis, University of Louisville."""
    return -np.prod(np.cos(x)) * np.exp(-np.sum((x - np.pi) ** 2))
