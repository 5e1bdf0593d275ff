import math

import numpy as np
from twins.means import mean_of


def nadam(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, psi=4e-3):
    """Dozat 2016, Algorithm 2, with its schedule mu_t = beta1 (1 - 0.96^(t psi) / 2)."""
    mus = [beta1 * (1 - 0.5 * 0.96 ** (i * psi)) for i in range(1, t + 2)]
    m, v = mean_of(state, "m", beta1, g), mean_of(state, "n", beta2, g**2)
    g_hat = g / (1 - math.prod(mus[:-1]))
    m_hat = m / (1 - math.prod(mus))
    return x - lr * (mus[-1] * m_hat + (1 - mus[-2]) * g_hat) / (np.sqrt(v / (1 - beta2**t)) + eps)
