"""A dense network's loss and gradient, for any widths, described as data (layout.py); by_lane.py
and by_run.py compute it.
"""

from itertools import pairwise

import numpy as np

from ..jit import joined
from . import layout, metric
from .by_lane import by_lane
from .by_run import by_run
from .layout import Batch

CHUNK = 128
"""Rows that pass through the network together: keeps their values in the second-level cache."""

PRODUCTS_FROM, ROWS_FROM = 16384, 16
"""Weights times rows, and rows, from which a run's own BLAS products beat loops over lanes
(docs/decisions/0012).
"""


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


_read = joined(layout.read)


def network(x, g, loss, data, rows, seeds, step):
    """Loss of the network in `data`, its mean over `rows` and outputs, plus its L2 term, and the
    gradient; for step == -1 the metric in g[0].

    Which way it is computed depends on the widths and the number of rows alone, so that a run's
    bits depend on nothing else.
    """
    lanes = x.shape[1]
    described = _read(data)
    widths, l2, targets = described.widths, described.l2, described.targets
    weights = 0
    for i in range(widths.size - 1):
        weights += int(widths[i]) * int(widths[i + 1])
    scale = 1.0 / (rows.size * targets.shape[1])
    batch = Batch(rows, scale, CHUNK)
    tallies = np.zeros(targets.shape[1] * lanes) if step == -1 else loss[:0]
    if weights * rows.size >= PRODUCTS_FROM and rows.size >= ROWS_FROM:
        by_run(x, g, loss, tallies, described, batch, seeds)
    else:
        by_lane(x, g, loss, tallies, described, batch)
    for lane in range(lanes):
        loss[lane] *= scale
    if step == -1:
        metric.finish(described.loss, targets, rows, tallies)
        for lane in range(lanes):
            # outputs that are NaN would count as the first class
            g[0, lane] = tallies[lane] if loss[lane] * 0.0 == 0.0 else np.nan
    if l2 != 0.0:
        _add_penalty(x, g, loss, widths, l2, step != -1)


@joined
def _add_penalty(x, g, loss, widths, l2, with_gradient):
    """loss += l2 / 2 times the sum of squared weights, and its gradient to g."""
    at = 0
    for i in range(widths.size - 1):
        fan_in, fan_out = int(widths[i]), int(widths[i + 1])
        for j in range(at, at + fan_in * fan_out):
            for lane in range(x.shape[1]):
                loss[lane] += 0.5 * l2 * x[j, lane] ** 2
            if with_gradient:
                for lane in range(x.shape[1]):
                    g[j, lane] += l2 * x[j, lane]
        at += (fan_in + 1) * fan_out
