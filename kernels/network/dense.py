"""A dense network's loss and gradient, for any widths, described as data; by_lane.py and by_run.py
compute it.
"""

from itertools import pairwise

import numpy as np

from . import forward, metric
from .by_lane import by_lane
from .by_run import by_run

CHUNK = 128
"""Rows that pass through the network together: keeps their values in the second-level cache."""

PRODUCTS_FROM, ROWS_FROM = 16384, 16
"""Weights times rows, and rows, from which a run's own BLAS products beat loops over lanes
(docs/decisions/0012).
"""


def describe(widths, activation: str, loss: str, inputs, targets, l2: float = 0.0) -> np.ndarray:
    """A network and its data set as one flat float64 array, the `data` of `network`.

    widths : units of every layer, inputs first: [64, 32, 10].  activation : of the hidden layers,
    see ACTIVATIONS.
    loss : see LOSSES.  inputs : (N, widths[0]).  targets : (N, widths[-1]), or labels (N, 1) for
    softmax.
    l2 : coefficient of half the sum of squared weights (biases excluded).

    A loss is averaged over rows and outputs, as torch's reduction="mean" does;
    softmax_cross_entropy, which joins a row's outputs, over rows.
    """
    header = [
        len(widths),
        len(inputs),
        forward.ACTIVATIONS.index(activation),
        forward.LOSSES.index(loss),
        l2,
        *widths,
    ]
    return np.concatenate([np.asarray(header, np.float64), np.ravel(inputs), np.ravel(targets)])


def parameter_shapes(widths) -> tuple:
    """((name, shape), ...) of the network's parameters, in the order in which they lie in x."""
    pairs = pairwise(widths)
    return tuple(
        entry
        for i, (rows, columns) in enumerate(pairs, 1)
        for entry in ((f"W{i}", (rows, columns)), (f"b{i}", (columns,)))
    )


def product_operations(widths) -> int:
    """Floating-point operations of a gradient's matrix products for each row of data:
    multiplications and additions.

    Three products a layer, of values, of the weights' slopes and of the inputs' slopes; the first
    layer needs no last one.
    """
    sizes = [rows_in * units for rows_in, units in pairwise(widths)]
    return 2 * (3 * sum(sizes) - sizes[0])


def network(x, g, loss, data, rows, seeds, step):
    """Loss of the network in `data`, its mean over `rows` and outputs, plus its L2 term, and the
    gradient; for step == -1 the metric in g[0].

    Which way it is computed depends on the widths and the number of rows alone, so that a run's
    bits depend on nothing else.
    """
    lanes = x.shape[1]
    depth, samples = int(data[0]) - 1, int(data[1])
    activation, loss_code, l2 = int(data[2]), int(data[3]), data[4]
    widths = data[5 : 6 + depth]
    units_in, units_out = int(widths[0]), int(widths[depth])
    weights = 0
    for i in range(depth):
        weights += int(widths[i]) * int(widths[i + 1])
    begin, middle = 6 + depth, 6 + depth + samples * units_in
    inputs = data[begin:middle].reshape(samples, units_in)
    targets = data[middle:].reshape(samples, 1 if loss_code == 2 else units_out)
    scale = 1.0 / (rows.size * targets.shape[1])
    scores = np.zeros(targets.shape[1] * lanes) if step == -1 else loss[:0]
    if weights * rows.size >= PRODUCTS_FROM and rows.size >= ROWS_FROM:
        by_run(
            x,
            g,
            loss,
            scores,
            widths,
            activation,
            loss_code,
            inputs,
            targets,
            rows,
            seeds,
            scale,
            CHUNK,
        )
    else:
        by_lane(
            x, g, loss, scores, widths, activation, loss_code, inputs, targets, rows, scale, CHUNK
        )
    for lane in range(lanes):
        loss[lane] *= scale
    if step == -1:
        metric.finish(loss_code, targets, rows, scores)
        for lane in range(lanes):
            g[0, lane] = (
                scores[lane] if loss[lane] * 0.0 == 0.0 else np.nan
            )  # NaN outputs would count as the first class
    if l2 != 0.0:
        at = 0
        for i in range(depth):
            fan_in, fan_out = int(widths[i]), int(widths[i + 1])
            for j in range(at, at + fan_in * fan_out):
                for lane in range(lanes):
                    loss[lane] += 0.5 * l2 * x[j, lane] ** 2
                if step != -1:
                    for lane in range(lanes):
                        g[j, lane] += l2 * x[j, lane]
            at += (fan_in + 1) * fan_out
