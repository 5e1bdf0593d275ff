from twins.tilted import tilted


def noisy_beale(x):
    """Schneider, Balles & Hennig (2019), arXiv:1903.05499: the mean of what is fed."""
    u, v = x
    return sum((c - u * (1 - v**k)) ** 2 for k, c in ((1, 1.5), (2, 2.25), (3, 2.625)))


def fed(x, draws, level=1.0):
    """A tilt of the draws."""
    return tilted(noisy_beale(x), x, draws, level)


VARIANTS = ("level=0.1",)
