"""Muon: the momentum of a matrix is replaced by an orthogonal matrix near it."""

from math import sqrt

from ..linear import orthogonalized, transposed
from ..registry import optimizer


@optimizer(per="matrix", otherwise="adam")
def muon(
    x,
    g,
    t,
    m,
    lr=0.02,
    momentum=0.95,
    nesterov=True,
    steps=5,
    eps=1e-7,
    weight_decay=0.0,
    debias=False,
):
    """Jordan et al. (2024), Muon: an optimizer for hidden layers in neural networks,
    kellerjordan.github.io/posts/muon; weight decay as in Liu et al. (2025), arXiv:2502.16982, eq.
    4.

    Matrices here are (inputs, outputs), so the update is scaled by sqrt(max(1, columns / rows)).

    m : decaying sum of g.  lr : units of x; the update's singular values are near 1.  steps : of
    Newton and Schulz.
    weight_decay : share of x a step, times lr.  eps : units of g.
    debias : m is a running mean, its bias corrected, as in optax: the same but for eps and the
    first steps.
    """
    rows, columns = x.shape
    share = 1 - momentum if debias else 1.0
    seen, after = (1 - momentum**t, 1 - momentum ** (t + 1)) if debias else (1.0, 1.0)
    update = m.copy()
    for i in range(rows):
        for j in range(columns):
            m[i, j] = momentum * m[i, j] + share * g[i, j]
            ahead = share * g[i, j] / seen + momentum * m[i, j] / after
            update[i, j] = ahead if nesterov else m[i, j] / seen
    if rows > columns:
        update = transposed(orthogonalized(transposed(update), int(steps), eps))
    else:
        update = orthogonalized(update, int(steps), eps)
    factor = sqrt(max(1.0, columns / rows))
    for i in range(rows):
        for j in range(columns):
            x[i, j] -= lr * (factor * update[i, j] + weight_decay * x[i, j])
