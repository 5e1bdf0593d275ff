"""scikit-learn's data sets as networks' rows, read and scaled anew."""

from functools import cache

import numpy as np
from optbench.problems.split import split, standardised
from twins.networks import Network


@cache
def rows(name):
    """Training rows and rows held out of the data set `name`; inputs standardised, the digits'
    pixels in [0, 1] instead.
    """
    from sklearn import datasets  # takes a second, and most tests don't need it

    options = {"scaled": False} if name == "diabetes" else {}
    inputs, targets, held_inputs, held_targets = split(
        *getattr(datasets, f"load_{name}")(return_X_y=True, **options)
    )
    if name == "digits":
        return (inputs / 16, targets), (held_inputs / 16, held_targets)
    inputs, held_inputs = standardised(inputs, held_inputs)
    return (inputs, targets), (held_inputs, held_targets)


def diabetes(loss, l2=0.0):
    """A linear model of diabetes; the target standardised, for poisson in fifties."""
    (inputs, y), (held_inputs, held_y) = rows("diabetes")
    if loss == "poisson":
        y, held_y = y / 50, held_y / 50
    else:
        y, held_y = (y - y.mean()) / y.std(), (held_y - y.mean()) / y.std()
    return Network([10, 1], "identity", loss, l2, (inputs, y), (held_inputs, held_y))


def classifier(name, hidden=None, activation="tanh", l2=1e-3):
    """A classifier of a data set, linear where hidden is None; a logit for two classes, softmax
    for more.
    """
    train, held_out = rows(name)
    classes = len(np.unique(train[1]))
    layers = [] if hidden is None else [hidden]
    widths = [train[0].shape[1], *layers, 1 if classes == 2 else classes]
    loss = "binary_cross_entropy" if classes == 2 else "softmax_cross_entropy"
    return Network(widths, activation, loss, l2, train, held_out)
