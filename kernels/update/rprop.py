"""Rprop: each coordinate keeps a step size of its own, which grows while the gradient keeps its
sign.
"""

from ..registry import optimizer
from ..sign import sign


@optimizer(
    ranges={
        "eta_minus": "(0, 1)",
        "eta_plus": "(1, inf)",
        "smallest": "[0, largest] log",
        "largest": "(0, inf) log",
    },
)
def rprop(
    x,
    g,
    t,
    scale,
    size,
    before,
    lr=0.1,
    eta_minus=0.5,
    eta_plus=1.2,
    smallest=1e-6,
    largest=50.0,
    backtrack=True,
    scheduled=True,
):
    """Riedmiller & Braun (1993), IEEE International Conference on Neural Networks, 586-591, eq. 4
    to 7.

    size : the step size, lr at first.  before : the last gradient, zero after a change of sign.
    lr : the first step size, units of x.  backtrack : take the last step back when the sign
    changes, as the paper does.
    scheduled : a schedule scales every step; off, it scales the first step size alone, as in torch.
    """
    scale = scale if scheduled else 1.0
    size = lr / scale if t == 1 else size
    last = size * sign(before)
    turn = g * before
    size = min(
        max(size * (eta_plus if turn > 0 else eta_minus if turn < 0 else 1.0), smallest), largest
    )
    if turn < 0:
        return x + scale * last if backtrack else x, size, 0.0
    return x - scale * size * sign(g), size, g
