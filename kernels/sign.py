"""The sign of a number, for rules that step by it."""

from .jit import inline


@inline
def sign(value):
    """1 or -1; 0 stays 0 and NaN stays NaN, so that divergence is seen."""
    return 1.0 if value > 0 else (-1.0 if value < 0 else value)
