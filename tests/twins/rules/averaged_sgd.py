def averaged_sgd(x, g, t, state, lr, *, rate=1.0, alpha=0.75, lambd=0.0, begin=0):
    """Polyak & Juditsky 1992: steps falling more slowly than 1/t, and the mean of the points
    x_(begin + 1), ..., x_t.

    With rate 0 and lambd > 0 the form of Bottou's asgd.
    """
    eta = lr * (1 + (rate + lambd * lr) * (t - 1)) ** -alpha  # gamma_t
    mean = state.get("reported", x)
    x = x - eta * (g + lambd * x)
    state["reported"] = mean + (x - mean) / max(1, t - begin)  # x bar
    return x
