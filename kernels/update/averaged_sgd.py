"""Averaged SGD: SGD with falling steps, judged at the mean of its points."""

from ..registry import optimizer


@optimizer(
    init={"mean": "x"},
    reported="mean",
    ranges={
        "rate": "[0, inf) log",
        "alpha": "[0, inf)",
        "lambd": "[0, inf) log",
        "begin": "[0, inf) whole",
    },
)
def averaged_sgd(
    x, g, t, mean, before, lr=1e-2, rate=1.0, alpha=0.75, lambd=0.0, begin=0.0, late=False
):
    """Polyak & Juditsky (1992), SIAM J. Control and Optimization 30(4), 838-855, eq. 2 with steps
    lr t^-alpha.

    The step size is lr (1 + (rate + lambd lr) (t - 1))^-alpha; lambd, from Bottou (2012),
    Stochastic Gradient Descent Tricks, also shrinks x by lambd times the step size.

    mean : of the points after update `begin`, reported.  before : the last update's lr.  lr : units
    of x per unit of g.
    late : the step size is made of the lr before this one, as in torch; the same for constant lr.
    """
    now = before if late and t > 1 else lr
    eta = now * (1 + (rate + lambd * now) * (t - 1)) ** -alpha
    x = x * (1 - lambd * eta) - eta * g
    return x, mean + (x - mean) / max(1.0, t - begin), lr
