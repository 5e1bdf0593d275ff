"""Regularised softmax regression on iris, wine or digits: convex, with a direction that the loss
doesn't see.
"""

import numpy as np

from ...kernels.grammar import InputError, unknown
from ..dense import dense_problem
from ..newton import newton
from ..registry import problem
from ..split import split, standardised
from ..tables import table

SOURCES = {
    "iris": "Fisher (1936), Annals of Eugenics 7(2), 179-188",
    "wine": "Aeberhard, Coomans & de Vel (1994), Pattern Recognition 27(8), 1065-1077",
    "digits": "Alpaydin & Kaynak (1998), UCI Machine Learning Repository",
}


@problem(variants=[{"data": "wine"}, {"data": "digits", "batch": 32}])
def softmax_regression(batch=0, data="iris", l2=1e-3):
    """Mean softmax cross-entropy of a linear model with intercepts, plus l2/2 |weights|**2, on
    iris, wine or digits.

    Bridle (1990), Neurocomputing (NATO ASI F 68), 227-236; the data are scikit-learn's, four fifths
    of the rows: inputs of iris and wine standardised, pixels scaled to [0, 1]. f* by Newton;
    strongly convex but for adding a number to all intercepts, of which the loss takes no notice.
    batch=0 takes all rows at each step. Metric: accuracy on the fifth held out.
    """
    if data not in SOURCES:
        raise unknown("data", data, SOURCES)
    inputs, labels, *held_out = split(*table(data))
    if not 0 <= batch <= len(inputs) or l2 <= 0:
        raise InputError(
            f"softmax_regression[batch={batch},data={data},l2={l2}]: batch goes from 0 to"
            f" {len(inputs)}, l2 must be positive"
        )
    if data == "digits":  # standardised, pixels that are always blank would be 0 / 0
        inputs, held_out[0] = inputs / 16, held_out[0] / 16
    else:
        inputs, held_out[0] = standardised(inputs, held_out[0])
    classes = int(labels.max()) + 1
    truth = np.eye(classes)[labels[:, 0].astype(int)]

    def cross_entropy(z):
        log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
        p = np.exp(log_p)
        return (
            -(truth * log_p).sum(axis=1),
            p - truth,
            p[:, :, None] * (np.eye(classes) - p[:, None, :]),
        )

    minimum, minimizer = newton(inputs, cross_entropy, l2, classes)
    return dense_problem(
        [inputs.shape[1], classes],
        "identity",
        "softmax_cross_entropy",
        inputs,
        labels,
        l2=l2,
        budget=600 if batch else 1000,
        source=f"{SOURCES[data]}; scikit-learn's {data}",
        minimum=minimum,
        minimizers=minimizer[None],
        held_out=held_out,
        kind="regression",
        batch=batch,
        taus=(1e-1, 3e-2, 1e-2) if batch else (1e-1, 1e-2, 1e-3),
    )
