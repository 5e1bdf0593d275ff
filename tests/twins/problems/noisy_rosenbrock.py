from twins.tilted import tilted


def noisy_rosenbrock(x):
    """Schneider, Balles & Hennig (2019), arXiv:1903.05499: the mean of what is fed."""
    u, v = x
    return (1 - u) ** 2 + 100 * (v - u**2) ** 2


def fed(x, draws, level=1.0):
    """A tilt of the draws."""
    return tilted(noisy_rosenbrock(x), x, draws, level)


VARIANTS = ("level=0.1",)
