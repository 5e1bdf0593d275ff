from twins.tables import diabetes


def huber_regression():
    """Huber (1964), Ann. Math. Statist. 35(1), 73-101."""
    return diabetes("huber")
