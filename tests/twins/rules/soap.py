import numpy as np
from twins.means import mean_of
from twins.rules.adam import adam
from twins.tensors import by_tensor


def soap(
    x,
    g,
    t,
    state,
    lr,
    *,
    other,
    shapes=None,
    otherwise_ratio=1 / 3,
    beta1=0.95,
    beta2=0.95,
    every=10,
    eps=1e-8,
):
    """Vyas et al. 2024 (2409.11321) Algorithms 3 and 4, with Adam's correction; other tensors Adam.

    The first gradient makes the basis and moves nothing (the authors' code). It sorts the basis
    besides; the paper does not.
    """

    def matrix(w, g, state):
        if t == 1:
            left, right = state["L"], state["R"] = (1 - beta2) * g @ g.T, (1 - beta2) * g.T @ g
            state["QL"], state["QR"] = (
                np.linalg.eigh(p)[1][:, ::-1] for p in (left, right)
            )  # largest eigenvalue first
            return w
        ql, qr, k = state["QL"], state["QR"], t - 1
        rotated = ql.T @ g @ qr  # 3
        m = ql.T @ mean_of(state, "M", beta1, g) @ qr  # 4, 5
        v = mean_of(state, "V", beta2, rotated**2)  # 7
        n = (m / (1 - beta1**k)) / (np.sqrt(v / (1 - beta2**k)) + eps)  # 8
        left, right = (
            mean_of(state, "L", beta2, g @ g.T),
            mean_of(state, "R", beta2, g.T @ g),
        )  # 13, 14
        if k % every == 0:  # 15
            state["QL"], state["QR"] = (
                np.linalg.qr(left @ ql)[0],
                np.linalg.qr(right @ qr)[0],
            )  # 16, 17
        return w - lr * ql @ n @ qr.T  # 10, 11

    def tensor(w, g, state):
        return (
            matrix(w, g, state)
            if w.ndim == 2
            else adam(w, g, t, state, lr * otherwise_ratio, **other)
        )

    return by_tensor(tensor, x, g, state, shapes)
