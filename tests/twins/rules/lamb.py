import numpy as np
from twins.means import mean_of
from twins.tensors import by_tensor


def lamb(
    x,
    g,
    t,
    state,
    lr,
    *,
    shapes=None,
    beta1=0.9,
    beta2=0.999,
    eps=1e-6,
    weight_decay=0.0,
    debias=True,
):
    """You et al. 2020 (1904.00962) Algorithm 2, phi(z) = z."""

    def layer(w, g, state):
        m, v = mean_of(state, "m", beta1, g), mean_of(state, "v", beta2, g * g)
        if debias:
            m, v = m / (1 - beta1**t), v / (1 - beta2**t)
        r = m / (np.sqrt(v) + eps) + weight_decay * w
        norm, length = np.linalg.norm(w), np.linalg.norm(r)
        return w - lr * (norm / length if norm > 0 and length > 0 else 1.0) * r  # guard: 1

    return by_tensor(layer, x, g, state, shapes)
