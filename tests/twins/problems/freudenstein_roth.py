from twins.residuals import squared


def freudenstein_roth(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 2."""
    x1, x2 = x
    return squared([-13 + x1 + ((5 - x2) * x2 - 2) * x2, -29 + x1 + ((x2 + 1) * x2 - 14) * x2])
