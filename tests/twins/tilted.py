"""Gradient noise that tilts an objective anew at each step."""


def tilted(loss, x, draws, level):
    """The loss plus level * draws'x; draws : (n,), the random numbers of the step."""
    return loss + level * draws @ x
