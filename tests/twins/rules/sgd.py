def sgd(x, g, t, state, lr):
    """Robbins & Monro 1951."""
    return x - lr * g
