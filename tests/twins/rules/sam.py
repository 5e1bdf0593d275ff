import numpy as np
from twins.wrapped import inside


def sam(inner, x, g, t, state, lr, *, fun, rho=0.05):
    """Foret et al. 2021 (2010.01412) Algorithm 1 with p = 2, the whole vector's norm."""
    norm = np.linalg.norm(g)
    if norm > 0:
        g = fun(x + rho * g / norm)[1]  # epsilon hat, then the gradient there
    return inside(inner, x, g, t, state)
