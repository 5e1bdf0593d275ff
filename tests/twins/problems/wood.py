from twins.residuals import squared


def wood(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 14."""
    x1, x2, x3, x4 = x
    f = [
        10 * (x2 - x1**2),
        1 - x1,
        90**0.5 * (x4 - x3**2),
        1 - x3,
        10**0.5 * (x2 + x4 - 2),
        10**-0.5 * (x2 - x4),
    ]
    return squared(f)
