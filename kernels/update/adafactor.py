"""Adafactor: Adam's second moment as the product of one number a row and one a column, with steps
relative to x.
"""

from math import sqrt

from ..linear import norm
from ..registry import optimizer


@optimizer(
    per="matrix",
    slots={"rows_": ("rows",), "columns_": ("columns",)},
    ranges={"decay": "(0, 1]", "clip": "(0, inf) log"},
)
def adafactor(
    x, g, t, rows_, columns_, lr=1e-2, decay=0.8, eps1=1e-30, eps2=1e-3, clip=1.0, relative=True
):
    """Shazeer & Stern (2018), Adafactor, Algorithms 4 and 5 with the values of Algorithm 6,
    arXiv:1804.04235.

    rows_, columns_ : running means of the sums of g² + eps1 along each.  A vector is one column,
    where nothing is lost.
    lr : the largest step relative to the root mean square of x (at least eps2), falling as
    1/sqrt(t) below it; with relative off, units of x a step.
    clip : the largest root mean square of the update.
    """
    count, beta = x.size, 1 - t**-decay
    rate = max(eps2, norm(x.ravel()) / sqrt(count)) * min(lr, 1 / sqrt(t)) if relative else lr
    total = 0.0
    for j in range(x.shape[1]):
        columns_[j] *= beta
    for i in range(x.shape[0]):
        seen = 0.0
        for j in range(x.shape[1]):
            square = g[i, j] * g[i, j] + eps1
            seen += square
            columns_[j] += (1 - beta) * square
        rows_[i] = beta * rows_[i] + (1 - beta) * seen
        total += rows_[i]
    length = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            g[i, j] /= sqrt(rows_[i] / total * columns_[j])
            length += g[i, j] * g[i, j]
    rate /= max(1.0, sqrt(length / count) / clip)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] -= rate * g[i, j]
