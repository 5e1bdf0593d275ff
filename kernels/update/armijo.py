"""Gradient descent with Armijo's line search."""

from ..linear import dot
from ..registry import optimizer


@optimizer(per="run", ranges={"c": "(0, 1) log", "shrink": "(0, 1)"})
def armijo(x, g, loss, fun, lr=1.0, c=1e-4, shrink=0.5, trials=50):
    """Armijo (1966), Pacific Journal of Mathematics 16(1), 1-3, Corollary 2; Nocedal & Wright
    (2006), Algorithm 3.1: the first of lr, lr shrink, lr shrink², ... with sufficient decrease,
    else no step.

    lr : the first trial step, units of x per unit of g.  c : share of the linear decrease that
    suffices.
    trials : at most, each a gradient evaluation.
    """
    square, rate = dot(g, g), lr
    if square == 0.0:
        return
    trial, slope = x.copy(), g.copy()
    for _ in range(int(trials)):
        for i in range(x.size):
            trial[i] = x[i] - rate * g[i]
        if fun(trial, slope) <= loss - c * rate * square:
            for i in range(x.size):
                x[i] = trial[i]
            return
        rate *= shrink
