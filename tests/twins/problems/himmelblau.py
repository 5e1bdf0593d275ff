def himmelblau(x):
    """Jamil & Yang (2013), Int. J. Math. Modelling Numer. Optim. 4(2), 150-194."""
    x1, x2 = x
    return (x1**2 + x2 - 11) ** 2 + (x1 + x2**2 - 7) ** 2
