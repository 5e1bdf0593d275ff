def armijo(x, g, t, state, lr, *, fun, loss=None, c=1e-4, shrink=0.5, trials=50):
    """Nocedal & Wright 2006 Algorithm 3.1 (Armijo 1966) along -g; after `trials` of them x
    stays.
    """
    loss = fun(x)[0] if loss is None else loss
    alpha = lr
    for _ in range(trials if g.any() else 0):
        if fun(x - alpha * g)[0] <= loss - c * alpha * (g @ g):
            return x - alpha * g
        alpha *= shrink
    return x
