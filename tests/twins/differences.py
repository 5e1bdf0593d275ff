"""Gradients by finite differences."""

import numpy as np


def central_differences(f, x, step=1e-6):
    """The gradient of f at x (n,) to about step**2."""
    g = np.empty(x.size)
    for i in range(x.size):
        h = step * max(1.0, abs(x[i]))
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (up[i] - down[i])
    return g
