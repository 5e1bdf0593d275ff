from twins.tables import diabetes


def ridge_regression(l2=0.1):
    """Hoerl & Kennard (1970), Technometrics 12(1), 55-67."""
    return diabetes("mean_squared_error", l2)


VARIANTS = ("batch=32", "l2=1.0")
