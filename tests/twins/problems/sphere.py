def sphere(x):
    """De Jong (1975), function F1."""
    return x @ x


VARIANTS = ("dim=3",)
