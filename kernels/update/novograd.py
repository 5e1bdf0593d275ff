"""NovoGrad: momentum of gradients that are divided by their tensor's mean norm."""

from math import sqrt

from ..linear import dot
from ..registry import optimizer


@optimizer(per="tensor", slots={"v": ()})
def novograd(x, g, t, m, v, lr=1e-2, beta1=0.95, beta2=0.98, eps=1e-8, weight_decay=0.0):
    """Ginsburg et al. (2019), Stochastic Gradient Methods with Layer-wise Adaptive Moments,
    Algorithm 1, arXiv:1905.11286.

    m : decaying sum of normalised gradients.  v : running mean of |g|², the first one itself at
    first.
    lr : units of x a step.  eps : units of g.  weight_decay : weight of x beside the normalised
    gradient.
    """
    square = dot(g, g)
    v[0] = square if t == 1 else beta2 * v[0] + (1 - beta2) * square
    for i in range(x.size):
        m[i] = beta1 * m[i] + g[i] / (sqrt(v[0]) + eps) + weight_decay * x[i]
        x[i] -= lr * m[i]
