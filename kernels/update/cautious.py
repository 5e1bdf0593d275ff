"""Cautious: only those coordinates move that go against their gradient, the more so."""

from ..optimizer import optimizer


@optimizer(wraps="point", partner="adamw", per="tensor")
def cautious(x, g, y):
    """Liang, Chen, Liu & Liu (2024), Cautious Optimizers, Algorithm 1, arXiv:2411.16085, tensor by tensor.

    Moves are scaled by size / (count + 1), where count is that of the coordinates that move.
    """
    count = 0.0
    for i in range(x.size):
        count += (x[i] - y[i]) * g[i] > 0
    factor = x.size / (count + 1)
    for i in range(x.size):
        if (x[i] - y[i]) * g[i] == (x[i] - y[i]) * g[i]:  # NaN is left to be seen
            y[i] = x[i] + factor * (y[i] - x[i]) if (x[i] - y[i]) * g[i] > 0 else x[i]
