"""SOAP: Adam in the slowly turning eigenbasis of Shampoo's preconditioner."""

from math import sqrt

from ..linear import eigenvectors, gram, orthonormalize, product, transposed
from ..registry import optimizer


@optimizer(
    per="matrix",
    otherwise="adam[beta1=0.95,beta2=0.95]",
    slots={
        "left": ("rows", "rows"),
        "right": ("columns", "columns"),
        "left_basis": ("rows", "rows"),
        "right_basis": ("columns", "columns"),
    },
)
def soap(
    x,
    g,
    t,
    m,
    v,
    left,
    right,
    left_basis,
    right_basis,
    lr=3e-3,
    beta1=0.95,
    beta2=0.95,
    every=10,
    eps=1e-8,
):
    """Vyas et al. (2025), SOAP: Improving and Stabilizing Shampoo using Adam, Algorithms 3 and 4,
    arXiv:2409.11321, with Adam's bias correction; the first step only sets the basis, as in the
    authors' program.

    m : running mean of g.  v : of g² in the basis.  left, right : of g gᵀ and gᵀ g.
    left_basis, right_basis : of their eigenvectors.
    lr : units of x a step.  every : steps between two turns of the basis.  eps : units of g.
    """
    gram(left, beta2, 1 - beta2, g)
    gram(right, beta2, 1 - beta2, transposed(g))
    if t == 1:
        eigenvectors(left, left_basis)
        eigenvectors(right, right_basis)
        return
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            m[i, j] = beta1 * m[i, j] + (1 - beta1) * g[i, j]
    back = transposed(left_basis)
    slope, mean = product(product(back, g), right_basis), product(product(back, m), right_basis)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            v[i, j] = beta2 * v[i, j] + (1 - beta2) * slope[i, j] * slope[i, j]
            mean[i, j] = (
                mean[i, j] / (1 - beta1 ** (t - 1)) / (sqrt(v[i, j] / (1 - beta2 ** (t - 1))) + eps)
            )
    update = product(product(left_basis, mean), transposed(right_basis))
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] -= lr * update[i, j]
    if (t - 1) % every == 0:
        orthonormalize(product(left, left_basis), left_basis)
        orthonormalize(product(right, right_basis), right_basis)
