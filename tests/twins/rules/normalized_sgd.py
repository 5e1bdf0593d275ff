import numpy as np
from twins.quotients import quotient
from twins.tensors import by_tensor


def normalized_sgd(x, g, t, state, lr, *, shapes=None):
    """Hazan, Levy & Shalev-Shwartz 2015 (1507.02030) Algorithm 1, tensor by tensor."""
    return by_tensor(lambda w, g, _: w - lr * quotient(g, np.linalg.norm(g)), x, g, state, shapes)
