from twins.tables import classifier


def logistic_regression():
    """Logistic regression of scikit-learn's breast cancer, ridged."""
    return classifier("breast_cancer")
