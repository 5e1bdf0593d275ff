"""Handwritten digits: softmax regression, or a network with one hidden layer, in mini-batches."""

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..registry import problem
from ..split import split
from ..tables import table


@problem(variants=[{"hidden": 0}])
def digits(activation="tanh", batch=64, hidden=32, init="lecun", layers=1):
    """Mean softmax cross-entropy of a 64-hidden-10 network (hidden=0: 64-10) on four fifths of
    scikit-learn's 1 797 digits.

    Alpaydin & Kaynak (1998), UCI optical recognition of handwritten digits: 8 x 8 pixels, here
    scaled to [0, 1]. Weights are drawn with variance 1/fan_in (LeCun et al. 1998, Efficient
    BackProp, section 4.6). The classes can be separated, so f* = 0 is approached and never reached.
    batch=0 takes all 1 438 rows at each step. Metric: accuracy on the other 359.
    """
    if hidden < 0 or layers < 1 or (hidden == 0 and layers > 1) or not 0 <= batch <= 1438:
        raise InputError(
            f"digits[batch={batch},hidden={hidden},layers={layers}]: hidden must be at least 0,"
            " layers at least 1, and 1 where nothing is hidden, batch from 0 to 1438"
        )
    pixels, classes = table("digits")
    inputs, labels, *held_out = split(pixels / 16.0, classes)
    return dense_problem(
        [64, *[hidden] * layers, 10] if hidden else [64, 10],
        activation,
        "softmax_cross_entropy",
        inputs,
        labels,
        init=init,
        held_out=held_out,
        kind="network" if hidden else "regression",
        budget=600 if hidden else 1000,
        source="Alpaydin & Kaynak (1998), UCI Machine Learning Repository; scikit-learn's digits",
        # fewer hidden units than classes needn't separate them
        minimum=0.0 if hidden == 0 or hidden >= 10 else None,
        batch=batch,
        taus=(1e-1, 3e-2, 1e-2),
    )
