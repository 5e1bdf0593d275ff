"""Schedule-free SGD: gradients between SGD's point and the mean of its points, which is what
counts.
"""

from ..registry import optimizer


@optimizer(init={"z": "x", "mean": "x"}, reported="mean", ranges={"beta": "[0, 1]"})
def schedule_free_sgd(x, g, z, mean, weight, largest, lr=1.0, beta=0.9):
    """Defazio et al. (2024), The Road Less Scheduled, eq. 3 to 5, arXiv:2405.15682; x here is the
    paper's y.

    z : SGD's point.  mean : of the points z weighted by largest² (the paper's x), reported.
    weight : sum of largest².
    largest : lr so far; the paper's never falls, where it does its authors' program weights so.
    lr : units of x per unit of g.
    """
    z = z - lr * g
    largest = max(largest, lr)
    weight = weight + largest * largest
    share = largest * largest / weight if weight > 0 else 0.0
    mean = (1 - share) * mean + share * z
    return (1 - beta) * z + beta * mean, z, mean, weight, largest
