from twins.tables import diabetes


def linear_regression():
    """Least squares: Efron et al. (2004), Annals of Statistics 32(2), 407-499, for the data."""
    return diabetes("mean_squared_error")
