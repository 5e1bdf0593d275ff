from twins.wrapped import inside


def decay(inner, x, g, t, state, lr, *, weight_decay=1e-2):
    """Loshchilov & Hutter 2019 (1711.05101) Algorithm 2, but times lr (libraries), not times the
    schedule alone.
    """
    return inside(inner, x, g, t, state) - lr * weight_decay * x
