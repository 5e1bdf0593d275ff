import numpy as np


def schwefel(x):
    """Schwefel (1981), problem 2.26, raised so that its minimum is 0."""
    return 418.9828872724338 * x.size - np.sum(x * np.sin(np.sqrt(np.abs(x))))


VARIANTS = ("dim=10",)
