import numpy as np
from twins.means import largest_of, mean_of


def amsgrad(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, correction=0):
    """Reddi, Kale & Kumar 2018 (1904.09237) Algorithm 2. correction: 0 none (the paper), 1 after
    the maximum, 2 before it.
    """
    m, v = mean_of(state, "m", beta1, g), mean_of(state, "v", beta2, g * g)
    m_hat = m / (1 - beta1**t) if correction else m
    v_hat = largest_of(state, "v_hat", v / (1 - beta2**t) if correction == 2 else v)
    v_hat = v_hat / (1 - beta2**t) if correction == 1 else v_hat
    return x - lr * m_hat / (np.sqrt(v_hat) + eps)  # guard: eps
