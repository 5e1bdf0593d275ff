import numpy as np


def amsgrad_counterexample(x, slope=3.0, period=3):
    """Reddi, Kale & Kumar (2018), arXiv:1904.09237, section 3: the mean over a period of slope x at
    its first step, -x at the others.
    """
    return np.mean([(slope if t == 1 else -1) * np.sum(x) for t in range(1, period + 1)])


def fed(x, step, slope=3.0, period=3):
    """Coordinates take turns in having the slope; the last one has the mean at each step."""
    turns = sum(
        slope * y if (step + i) % period == 1 else -y  # the first step is 1
        for i, y in enumerate(x[:-1])
    )
    return turns + (slope - (period - 1)) / period * x[-1]


VARIANTS = ("dim=3,period=5,slope=7.0",)
