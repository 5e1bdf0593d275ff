"""SM3: Adagrad with one number a row and one a column."""

from math import sqrt

from ..registry import optimizer


@optimizer(per="matrix", slots={"rows_": ("rows",), "columns_": ("columns",)})
def sm3(x, g, m, rows_, columns_, lr=0.1, momentum=0.0, eps_root=0.0):
    """Anil, Gupta, Koren & Singer (2019), Memory-Efficient Adaptive Optimization, algorithm SM3-II,
    arXiv:1901.11150.

    rows_, columns_ : the largest sum of g² seen in each.  m : running mean of scaled gradients.
    lr : units of x a step.  eps_root : units of g².  A vector is one column, for which this is
    Adagrad.
    """
    tallest = columns_.copy()
    for j in range(x.shape[1]):
        columns_[j] = 0.0
    for i in range(x.shape[0]):
        widest = 0.0
        for j in range(x.shape[1]):
            total = min(rows_[i], tallest[j]) + g[i, j] * g[i, j]
            widest, columns_[j] = max(widest, total), max(columns_[j], total)
            scaled = g[i, j] / sqrt(total + eps_root) if total > 0 else 0.0
            m[i, j] = momentum * m[i, j] + (1 - momentum) * scaled
            x[i, j] -= lr * m[i, j]
        rows_[i] = widest
