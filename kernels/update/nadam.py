"""NAdam: Adam with Nesterov's look ahead."""

from math import sqrt

from ..registry import optimizer


@optimizer(init={"product": 1.0}, ranges={"psi": "[0, inf) log"})
def nadam(x, g, t, m, v, product, lr=2e-3, beta1=0.9, beta2=0.999, eps=1e-8, psi=4e-3):
    """Dozat (2016), Incorporating Nesterov Momentum into Adam, ICLR workshop, Algorithm 2 with the
    schedule of section 3.

    m, v : running means of g and g².  product : of the momenta mu_t = beta1 (1 - 0.96^(psi t) / 2)
    so far.
    lr : units of x a step.  eps : units of g.
    """
    mu = beta1 * (1 - 0.5 * 0.96 ** (psi * t))
    following = beta1 * (1 - 0.5 * 0.96 ** (psi * (t + 1)))
    product = product * mu
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    ahead = following * m / (1 - product * following) + (1 - mu) * g / (1 - product)
    return x - lr * ahead / (sqrt(v / (1 - beta2**t)) + eps), m, v, product
