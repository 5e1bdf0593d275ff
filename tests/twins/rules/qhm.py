from twins.means import mean_of


def qhm(x, g, t, state, lr, *, nu=0.7, beta=0.999):
    """Ma & Yarats 2019 (1810.06801) eq. 3 and 4."""
    return x - lr * ((1 - nu) * g + nu * mean_of(state, "g", beta, g))
