from twins.residuals import numbers, squared


def variably_dimensioned(x):
    """More, Garbow & Hillstrom (1981), ACM TOMS 7(1), 17-41, problem 25."""
    s = numbers(x) @ (x - 1)
    return squared([*(x - 1), s, s**2])


VARIANTS = ("dim=3",)
