"""An autoencoder: digits pressed through few hidden units and drawn again, in mini-batches."""

import numpy as np

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..registry import problem
from ..split import split
from ..tables import table


@problem
def autoencoder(activation="tanh", batch=32, hidden=8):
    """Mean squared error per pixel of a 64-hidden-64 network that returns its inputs,
    scikit-learn's digits in [0, 1].

    Bourlard & Kamp (1988), Biological Cybernetics 59(4-5), 291-294: outputs lie in a plane of
    `hidden` dimensions, so nothing does better than as many principal components. f* is theirs:
    tanh and sigmoid approach it with small first and large second weights, where they are linear,
    relu with large biases. Weights are drawn with variance 1/fan_in. batch=0 takes all 1 438 rows
    at each step. Metric: R² on the other 359.
    """
    if not 1 <= hidden <= 63 or not 0 <= batch <= 1438:
        raise InputError(
            f"autoencoder[batch={batch},hidden={hidden}]: hidden goes from 1 to 63, batch from 0 to"
            " 1438"
        )
    pixels, classes = table("digits")
    inputs, _, held_out, _ = split(pixels / 16.0, classes)
    spectrum = np.linalg.svd(inputs - inputs.mean(axis=0), compute_uv=False)
    return dense_problem(
        [64, hidden, 64],
        activation,
        "mean_squared_error",
        inputs,
        inputs,
        held_out=(held_out, held_out),
        kind="network",
        budget=600,
        tags=("multimodal",),
        source=(
            "Bourlard & Kamp (1988), Biological Cybernetics 59(4-5), 291-294; scikit-learn's digits"
        ),
        minimum=float(np.sum(spectrum[hidden:] ** 2) / inputs.size),
        batch=batch,
        taus=(1e-1, 3e-2, 1e-2),
    )
