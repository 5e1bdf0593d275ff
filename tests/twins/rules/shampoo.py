import numpy as np
from twins.quotients import quotient
from twins.tensors import by_tensor


def shampoo(x, g, t, state, lr, *, other, shapes=None, eps=1e-4, otherwise_ratio=0.1):
    """Gupta, Koren & Singer 2018 (1802.09568) Algorithm 1; other tensors by its diagonal: Adagrad
    from a small number.
    """

    def fourth_root(p):
        values, vectors = np.linalg.eigh(p)
        values = np.maximum(values, eps)  # guard, as is the next
        return (
            vectors * quotient(np.ones_like(values), np.maximum(values, 0) ** 0.25) @ vectors.T
        )  # p^(-1/4)

    def tensor(w, g, state):
        if w.ndim != 2:
            h = state["h"] = state.get("h", other["initial"]) + g**2
            return w - lr * otherwise_ratio * quotient(g, np.sqrt(h))
        left = state["L"] = state.get("L", eps * np.eye(w.shape[0])) + g @ g.T  # L_t
        right = state["R"] = state.get("R", eps * np.eye(w.shape[1])) + g.T @ g  # R_t
        return w - lr * fourth_root(left) @ g @ fourth_root(right)  # W_(t+1)

    return by_tensor(tensor, x, g, state, shapes)
