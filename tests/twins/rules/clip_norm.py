import numpy as np
from twins.wrapped import inside


def clip_norm(inner, x, g, t, state, lr, *, limit=1.0):
    """Pascanu, Mikolov & Bengio 2013 (1211.5063) Algorithm 1, the whole vector's norm."""
    norm = np.linalg.norm(g)
    return inside(inner, x, limit / norm * g if norm > limit else g, t, state)
