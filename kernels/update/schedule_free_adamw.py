"""Schedule-free AdamW: gradients between AdamW's point and the mean of its points, which is what
counts.
"""

from math import sqrt

from ..registry import optimizer


@optimizer(init={"z": "x", "mean": "x"}, reported="mean", ranges={"beta1": "[0, 1]"})
def schedule_free_adamw(
    x,
    g,
    t,
    z,
    mean,
    v,
    weight,
    largest,
    lr=2.5e-3,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    weight_decay=0.0,
    warm=True,
):
    """Defazio et al. (2024), The Road Less Scheduled, Algorithm 1, arXiv:2405.15682; x here is the
    paper's y.

    z : AdamW's point.  mean : of the points z weighted by largest² (the paper's x), reported.  v :
    running mean of g².
    weight : sum of largest².  largest : lr so far; the paper's never falls, where it does its
    authors' program weights so.
    lr : units of x a step.  eps : units of g.  weight_decay : share of y a step, times lr.
    warm : lr and its weight grow with sqrt(1 - beta2^t), as in the paper; off, v's bias is
    corrected, as in its program.
    """
    v = beta2 * v + (1 - beta2) * g * g
    seen = 1 - beta2**t
    rate = lr * sqrt(seen) if warm else lr
    z = z - rate * (g / (sqrt(v if warm else v / seen) + eps) + weight_decay * x)
    largest = max(largest, rate)
    weight = weight + largest * largest
    share = largest * largest / weight if weight > 0 else 0.0
    mean = (1 - share) * mean + share * z
    return (1 - beta1) * z + beta1 * mean, z, mean, v, weight, largest
