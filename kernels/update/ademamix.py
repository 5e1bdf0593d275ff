"""AdEMAMix: Adam with a second, much slower mean of gradients."""

from math import exp, log, sqrt

from ..registry import optimizer


@optimizer(ranges={"beta3": "(0, 1)", "alpha": "[0, inf)", "warmup": "[0, inf)"})
def ademamix(
    x,
    g,
    t,
    m1,
    m2,
    v,
    lr=1e-3,
    beta1=0.9,
    beta2=0.999,
    beta3=0.9999,
    alpha=5.0,
    eps=1e-8,
    weight_decay=0.0,
    warmup=0.0,
):
    """Pagliardini, Ablin & Grangier (2024), The AdEMAMix Optimizer, Algorithm 1, arXiv:2409.03137.

    m1, m2, v : fast and slow running means of g, mean of g².  lr : units of x a step.  eps : units
    of g.
    warmup : steps in which alpha and beta3 reach their values (eq. 4 and 5), 0 for none.
    weight_decay : share of x a step, times lr.
    """
    share = min(t / warmup, 1.0) if warmup > 0 else 1.0
    fast, slow = log(beta1), log(beta3)
    kept = min(exp(slow / ((1 - share) * slow / fast + share)), beta3) if share < 1 else beta3
    m1 = beta1 * m1 + (1 - beta1) * g
    m2 = kept * m2 + (1 - kept) * g
    v = beta2 * v + (1 - beta2) * g * g
    move = (m1 / (1 - beta1**t) + share * alpha * m2) / (sqrt(v / (1 - beta2**t)) + eps)
    return x - lr * (move + weight_decay * x), m1, m2, v
