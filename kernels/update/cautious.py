"""Cautious: only those coordinates move that go against their gradient, the more so."""

from ..registry import optimizer


@optimizer(wraps="point", partner="adamw", per="tensor")
def cautious(x, g, y, eps=1e-8):
    """Liang, Chen, Liu & Liu (2024), Cautious Optimizers, Algorithm 1, arXiv:2411.16085, tensor by
    tensor.

    The moves that are left are scaled by 1 / (their share of the tensor + eps).
    """
    count = 0.0
    for i in range(x.size):
        count += (x[i] - y[i]) * g[i] > 0
    factor = 1 / (count / x.size + eps)
    for i in range(x.size):
        if (x[i] - y[i]) * g[i] == (x[i] - y[i]) * g[i]:  # NaN is left to be seen
            y[i] = x[i] + factor * (y[i] - x[i]) if (x[i] - y[i]) * g[i] > 0 else x[i]
