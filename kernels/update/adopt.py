"""ADOPT: Adam that scales a gradient by the ones before it alone, and so converges with any
beta2.
"""

from math import sqrt

from ..registry import optimizer


@optimizer(ranges={"clip": "[0, inf)"})
def adopt(x, g, t, m, v, lr=1e-3, beta1=0.9, beta2=0.9999, eps=1e-6, clip=0.25):
    """Taniguchi et al. (2024), ADOPT, Algorithm 2 (clipped), arXiv:2411.02853.

    m : running mean of scaled gradients.  v : of g², the first one itself at first, when nothing
    moves.
    lr : units of x a step.  eps : units of g.  clip : scaled gradients are held within t^clip,
    counting from the second gradient; 0 means they are not.
    """
    if t == 1:
        return x, m, g * g
    scaled = g / max(sqrt(v), eps)
    bound = (t - 1) ** clip
    scaled = min(max(scaled, -bound), bound) if clip > 0 else scaled
    m = beta1 * m + (1 - beta1) * scaled
    return x - lr * m, m, beta2 * v + (1 - beta2) * g * g
