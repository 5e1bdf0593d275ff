from twins.residuals import squared


def powell_singular(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 13 and 22."""
    x1, x2, x3, x4 = x.reshape(-1, 4).T
    return squared([x1 + 10 * x2, 5**0.5 * (x3 - x4), (x2 - 2 * x3) ** 2, 10**0.5 * (x1 - x4) ** 2])


VARIANTS = ("dim=8",)
