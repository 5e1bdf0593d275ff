from twins.residuals import squared


def brown_badly_scaled(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 4."""
    x1, x2 = x
    return squared([x1 - 10**6, x2 - 2 * 10**-6, x1 * x2 - 2])
