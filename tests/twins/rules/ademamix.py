import numpy as np
from twins.means import mean_of


def ademamix(
    x,
    g,
    t,
    state,
    lr,
    *,
    beta1=0.9,
    beta2=0.999,
    beta3=0.9999,
    alpha=5.0,
    eps=1e-8,
    weight_decay=0.0,
    warmup=0,
):
    """Pagliardini, Ablin & Grangier 2024 (2409.03137) Algorithm 1, with its schedulers of alpha and
    beta3 over `warmup`.
    """
    if warmup > 0:
        alpha = min(t * alpha / warmup, alpha)  # f_alpha
        share, log1, log3 = min(t / warmup, 1.0), np.log(beta1), np.log(beta3)
        beta3 = min(
            np.exp(log1 * log3 / ((1 - share) * log3 + share * log1)), beta3
        )  # f_beta3 from beta_start = beta1
    m1 = mean_of(state, "m1", beta1, g) / (1 - beta1**t)
    m2 = mean_of(state, "m2", beta3, g)
    nu = mean_of(state, "nu", beta2, g * g) / (1 - beta2**t)
    return x - lr * ((m1 + alpha * m2) / (np.sqrt(nu) + eps) + weight_decay * x)
