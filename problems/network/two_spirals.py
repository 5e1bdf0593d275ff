"""Two intertwined spirals: few rows and inputs, and a boundary that winds three times round."""

import numpy as np

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..registry import problem

SCALE = 0.25
"""Of the published coordinates, which saturate the first layer at its start."""


def spirals() -> tuple[np.ndarray, np.ndarray]:
    """The 97 points of one spiral, then those of its mirror image at the origin, (194, 2), and the
    labels 1 and 0 (194, 1).
    """
    place = np.arange(97)
    angle, radius = place * np.pi / 16, SCALE * 6.5 * (104 - place) / 104
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    return np.vstack([points, -points]), np.repeat([1.0, 0.0], 97)[:, None]


@problem
def two_spirals(activation="tanh", hidden=8, init="lecun", layers=3):
    """Mean binary cross-entropy of a network with `layers` hidden layers of `hidden` units on the
    194 points, full batch.

    Lang & Witbrock (1988), Learning to tell two spirals apart, Proceedings of the 1988
    Connectionist Models Summer School, 52-59; points by Wieland's formula. Theirs is a 2-5-5-5-1
    network with connections from each layer to all that follow, which this one lacks: hence the
    wider layers. Inputs are a quarter of theirs, up to 1.6, weights drawn with variance 1/fan_in.
    Once all rows are classified, scaling the last layer takes the loss to f* = 0, never reached.
    """
    if hidden < 1 or not 1 <= layers <= 5:
        raise InputError(
            f"two_spirals[hidden={hidden},layers={layers}]: hidden must be at least 1, layers from"
            " 1 to 5"
        )
    return dense_problem(
        [2, *[hidden] * layers, 1],
        activation,
        "binary_cross_entropy",
        *spirals(),
        init=init,
        budget=1000,
        kind="network",
        tags=("multimodal",),
        source=(
            "Lang & Witbrock (1988), Proceedings of the 1988 Connectionist Models Summer School,"
            " 52-59"
        ),
        # the default network has classified all rows; so can a wider one, but whether a narrower
        # one can isn't known
        minimum=0.0 if activation == "tanh" and layers == 3 and hidden >= 8 else None,
        taus=(5e-1, 1e-1, 2e-2),
    )
