import numpy as np
from twins.rules.adam import adam
from twins.tensors import by_tensor


def muon(
    x,
    g,
    t,
    state,
    lr,
    *,
    other,
    shapes=None,
    momentum=0.95,
    nesterov=True,
    steps=5,
    weight_decay=0.0,
    eps=1e-7,
    otherwise_ratio=0.05,
):
    """Jordan et al. 2024, Muon: An optimizer for hidden layers, Algorithm 2 and its code; other
    tensors Adam.

    Tensors are (inputs, outputs), the transposes of the author's.
    """

    def tensor(w, g, state):
        if w.ndim != 2:
            return adam(w, g, t, state, lr * otherwise_ratio, **other)
        b = state["b"] = (
            momentum * state.get("b", 0.0) + g
        )  # 4 (the code: a mean, the same after normalisation)
        o = g + momentum * b if nesterov else b
        o = o / (np.linalg.norm(o) + eps)  # 5: NewtonSchulz5
        o = o.T if w.shape[0] > w.shape[1] else o
        for _ in range(steps):
            a = o @ o.T
            o = 3.4445 * o + (-4.7750 * a + 2.0315 * a @ a) @ o
        o = o.T if w.shape[0] > w.shape[1] else o
        return w - lr * weight_decay * w - lr * np.sqrt(max(1, w.shape[1] / w.shape[0])) * o  # 6

    return by_tensor(tensor, x, g, state, shapes)
