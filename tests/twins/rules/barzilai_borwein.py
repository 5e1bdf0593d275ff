def barzilai_borwein(x, g, t, state, lr, *, long=True):
    """Barzilai & Borwein 1988, the step of eq. 5 (short) or 6 (long); lr at first and where
    curvature is not positive.
    """
    s, y = x - state.get("x", x), g - state.get("g", g)
    state.update(x=x, g=g)
    if not s @ y > 0:
        return x - lr * g
    return x - ((s @ s) / (s @ y) if long else (s @ y) / (y @ y)) * g
