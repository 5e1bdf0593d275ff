from twins.tables import diabetes


def poisson_regression():
    """Nelder & Wedderburn (1972), J. R. Statist. Soc. A 135(3), 370-384."""
    return diabetes("poisson")
