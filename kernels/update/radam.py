"""RAdam: Adam that waits with its root mean square until enough gradients have been seen."""

from math import sqrt

from ..registry import optimizer


@optimizer(ranges={"threshold": "[4, inf)"})
def radam(x, g, t, m, v, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, threshold=4.0, eps_hat=False):
    """Liu et al. (2020), On the Variance of the Adaptive Learning Rate and Beyond, Algorithm 2,
    arXiv:1908.03265.

    m, v : running means of g and g².  lr : units of x a step, of x per unit of g while it waits.
    eps : units of g.
    threshold : the length of the mean above which it waits no more.  eps_hat : add eps before v's
    bias is corrected.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat, seen = m / (1 - beta1**t), 1 - beta2**t
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * t * beta2**t / seen
    if length <= threshold:
        return x - lr * m_hat, m, v
    rectified = sqrt(
        (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
    )
    root = (sqrt(v) + eps) / sqrt(seen) if eps_hat else sqrt(v / seen) + eps
    return x - lr * rectified * m_hat / root, m, v
