from twins.tables import classifier


def softmax_regression(data="iris", l2=1e-3):
    """Multinomial logistic regression, ridged."""
    return classifier(data, l2=l2)


VARIANTS = ("data=wine", "batch=32,data=digits", "l2=0.1")
