"""Parity of n bits: every input matters, and no subset of them says anything."""

from itertools import product
from math import log

import numpy as np

from ...kernels.grammar import InputError, unknown
from ..dense import dense_problem
from ..registry import problem

AT_MEAN = {"binary_cross_entropy": log(2), "mean_squared_error": 0.25}
"""The loss where the output is 1/2 for every row."""


@problem(
    variants=[{"loss": "mean_squared_error"}],
    ladder=[{"bits": bits, "hidden": 2 * bits} for bits in (4, 6, 8)],
)
def parity(activation="tanh", bits=4, hidden=8, loss="binary_cross_entropy"):
    """The bits-hidden-1 network on all 2**bits rows of -1 and 1, target 1 where an odd number of
    them is 1; full batch.

    Minsky & Papert (1969), Perceptrons, section 3.1; Rumelhart, Hinton & Williams (1986), Parallel
    Distributed Processing 1, chapter 8, learn it with as many hidden units as bits. Weights are
    drawn with variance 1/fan_in, biases are zero. The output is linear: a logit, or with
    mean_squared_error the target itself. With fewer hidden units than bits f* is not known. With
    logits f* = 0 is approached and never reached.
    """
    if not 2 <= bits <= 10 or hidden < 1:
        raise InputError(
            f"parity[bits={bits},hidden={hidden}]: bits goes from 2 to 10, hidden must be at"
            " least 1"
        )
    if loss not in AT_MEAN:
        raise unknown("loss", loss, AT_MEAN)
    inputs = np.array(list(product((-1.0, 1.0), repeat=bits)))
    return dense_problem(
        [bits, hidden, 1],
        activation,
        loss,
        inputs,
        np.sum(inputs > 0, axis=1, keepdims=True) % 2,
        budget=1500,
        kind="network",
        tags=("multimodal",),
        source="Rumelhart, Hinton & Williams (1986), Parallel Distributed Processing 1, chapter 8",
        # parity is uncorrelated with every linear function, so a linear network can do no better
        # than the mean
        minimum=AT_MEAN[loss] if activation == "identity" else 0.0 if hidden >= bits else None,
        taus=(1e-1, 1e-2, 1e-3) if loss == "binary_cross_entropy" else (1e-1, 1e-3, 1e-5),
    )
