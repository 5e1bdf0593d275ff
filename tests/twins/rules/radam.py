import numpy as np
from twins.means import mean_of


def radam(x, g, t, state, lr, *, beta1=0.9, beta2=0.999, eps=1e-8, threshold=4.0, eps_hat=False):
    """Liu et al. 2020 (1908.03265) Algorithm 2. eps is not in the paper; eps_hat puts it beside the
    uncorrected root.
    """
    rho_inf = 2 / (1 - beta2) - 1  # 2
    v, m = mean_of(state, "v", beta2, g * g), mean_of(state, "m", beta1, g)  # 5, 6
    m_hat = m / (1 - beta1**t)  # 7
    rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)  # 8
    if not rho > threshold:  # 9
        return x - lr * m_hat  # 13
    c = np.sqrt(1 - beta2**t)
    adaptive = c / (np.sqrt(v) + eps) if eps_hat else 1 / (np.sqrt(v) / c + eps)  # 10
    r = np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))  # 11
    return x - lr * r * m_hat * adaptive  # 12
