"""XOR: the smallest task that no linear model solves, with the textbook's two-layer network."""

from math import log

import numpy as np

from ...kernels.grammar import InputError, unknown
from ..dense import dense_problem
from ..registry import problem

INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TRUTH = np.array([[0.0], [1.0], [1.0], [0.0]])
AT_MEAN = {
    "mean_squared_error": 0.25,
    "binary_cross_entropy": log(2),
    "softmax_cross_entropy": log(2),
}
"""The losses that it takes, and their value where every output is the mean."""


@problem(
    variants=[
        {"hidden": 4},
        {"activation": "sigmoid"},
        {"activation": "relu", "hidden": 4},
    ]
)
def xor(activation="tanh", hidden=2, init="standard_normal", loss="mean_squared_error"):
    """The 2-hidden-1 network on the four rows of XOR, full batch, linear output, weights standard
    normal, biases zero.

    Rumelhart, Hinton & Williams (1986), Nature 323, 533-536. With binary_cross_entropy the output
    is a logit; with softmax_cross_entropy there are two. Some starts of the 2-2-1 network never
    leave a plateau. With either cross-entropy large random weights that happen to sort four rows
    right have a loss near 0, so a random walk may solve it: the suites have the squared error
    alone.
    """
    if hidden < 1:
        raise InputError(f"xor[hidden={hidden}]: hidden must be at least 1")
    if loss not in AT_MEAN:
        raise unknown("loss", loss, AT_MEAN)
    return dense_problem(
        [2, hidden, 2 if loss == "softmax_cross_entropy" else 1],
        activation,
        loss,
        INPUTS,
        TRUTH,
        init=init,
        budget=10_000,
        kind="network",
        tags=("multimodal",),
        source="Rumelhart, Hinton & Williams (1986), Nature 323, 533-536",
        # a linear network can do no better than the mean; what one hidden unit can do is not known
        # in closed form
        minimum=AT_MEAN[loss] if activation == "identity" else 0.0 if hidden > 1 else None,
    )
