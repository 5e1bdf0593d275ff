"""What all problems made of a dense network share: the formula, the draw of the weights, the parameters' shapes."""

import numpy as np

from ..kernels.forward import LOSSES, METRICS
from ..kernels.network import describe, network, parameter_shapes
from .problem import Problem


def dense_problem(widths, activation, loss, inputs, targets, *, scale, l2=0.0, held_out=None, **further) -> Problem:
    """The Problem of a dense network on a data set: weights from scale(fan_in) times a standard normal, biases zero.

    widths, activation, loss, inputs, targets, l2 : as in kernels.network.describe.
    held_out : (inputs, targets) that are never trained on, on which the metric is taken.  further : Problem's other fields.
    """
    shapes = parameter_shapes(widths)
    spread = [np.full(int(np.prod(shape)), scale(shape[0]) if len(shape) == 2 else 0.0) for _, shape in shapes]
    if held_out is not None:
        rows, answers = held_out
        further["held_out"] = describe(widths, activation, loss, rows, answers, l2)
        further["held_out_samples"] = len(rows)
        further["metric"] = METRICS[LOSSES.index(loss)]
    return Problem(
        formula=network,
        center=np.zeros(sum(part.size for part in spread)),
        spread=np.concatenate(spread),
        published=False,
        data=describe(widths, activation, loss, inputs, targets, l2),
        samples=len(inputs),
        shapes=shapes,
        **further,
    )
