from twins.tables import classifier


def mlp(data="wine", hidden=8, activation="tanh"):
    """A network of one hidden layer on one of scikit-learn's small data sets."""
    return classifier(data, hidden, activation)


VARIANTS = ("data=iris", "batch=32,data=breast_cancer", "activation=sigmoid,hidden=3")
