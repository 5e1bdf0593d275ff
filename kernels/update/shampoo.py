"""Shampoo: a matrix steps by its gradient between inverse roots of what its rows and its columns
have seen.
"""

from ..linear import gram, inverse_root, product, transposed
from ..registry import optimizer


@optimizer(
    per="matrix",
    otherwise="adagrad[eps=0.0,initial=0.0001]",
    slots={"left": ("rows", "rows"), "right": ("columns", "columns")},
    ranges={"eps": "(0, inf) log"},
)
def shampoo(x, g, t, left, right, lr=0.1, eps=1e-4):
    """Gupta, Koren & Singer (2018), Shampoo: Preconditioned Stochastic Tensor Optimization,
    Algorithm 1, arXiv:1802.09568.

    left, right : eps I plus the sums of g gᵀ and gᵀ g.  lr : units of x a step.  eps : units of g².
    """
    if t == 1:
        for i in range(left.shape[0]):
            left[i, i] = eps
        for i in range(right.shape[0]):
            right[i, i] = eps
    gram(left, 1.0, 1.0, g)
    gram(right, 1.0, 1.0, transposed(g))
    update = product(product(inverse_root(left, 0.25, eps), g), inverse_root(right, 0.25, eps))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] -= lr * update[i, j]
