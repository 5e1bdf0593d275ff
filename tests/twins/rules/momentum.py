def momentum(x, g, t, state, lr, momentum=0.9):
    """Polyak 1964, the two-point form, which keeps the point before instead of a velocity."""
    before = state.get("before", x)
    state["before"] = x
    return x - lr * g + momentum * (x - before)
