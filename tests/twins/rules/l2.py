from twins.wrapped import inside


def l2(inner, x, g, t, state, lr, *, weight_decay=1e-2):
    """Hanson & Pratt 1989, eq. 3."""
    return inside(inner, x, g + weight_decay * x, t, state)
