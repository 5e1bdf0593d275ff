import numpy as np
from twins.means import mean_of
from twins.tensors import by_tensor


def adafactor(
    x, g, t, state, lr, *, shapes=None, decay=0.8, eps1=1e-30, eps2=1e-3, clip=1.0, relative=True
):
    """Shazeer & Stern 2018 (1804.04235) Algorithm 4 (matrices) and 5 (other tensors), values of 6:
    rho_t <= lr.
    """

    def rms(a):
        return np.sqrt(np.mean(a**2))

    def tensor(w, g, state):
        alpha = max(eps2, rms(w)) * min(lr, 1 / np.sqrt(t)) if relative else lr  # 3
        beta, square = 1 - t**-decay, g**2 + eps1
        if w.ndim == 2:
            r = mean_of(state, "R", beta, square.sum(1))  # 5
            c = mean_of(state, "C", beta, square.sum(0))  # 6
            v = np.outer(r, c) / r.sum()  # 7
        else:
            v = mean_of(state, "V", beta, square)
        u = g / np.sqrt(v)  # 8
        return w - alpha * u / max(1, rms(u) / clip)  # 9, 10

    return by_tensor(tensor, x, g, state, shapes)
