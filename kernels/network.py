"""A dense network's loss and gradient over lanes, for any widths: forward, loss, backward."""

from itertools import pairwise

import numba
import numpy as np

from . import backward, forward, score
from .signatures import PANEL

CHUNK = 128
"""Rows that pass through the network together: keeps a panel's values in the second-level cache."""

SHARED_FROM = 128
"""Weights in the first layer from which one BLAS product for a panel of lanes beats loops over lanes (docs/decisions/0003)."""


def describe(widths, activation: str, loss: str, inputs, targets, l2: float = 0.0) -> np.ndarray:
    """A network and its data set as one flat float64 array, the `data` of `network`.

    widths : units of every layer, inputs first: [64, 32, 10].  activation : of the hidden layers, see ACTIVATIONS.
    loss : see LOSSES.  inputs : (N, widths[0]).  targets : (N, widths[-1]), or labels (N, 1) for softmax.
    l2 : coefficient of half the sum of squared weights (biases excluded).
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
        entry for i, (rows, columns) in enumerate(pairs, 1) for entry in ((f"W{i}", (rows, columns)), (f"b{i}", (columns,)))
    )


def network(x, g, loss, data, rows, seeds, step):
    """Mean loss over `rows` of the network in `data`, plus its L2 term, and the gradient; for step == -1 the score in g[0].

    Where the first layer is a shared product, lanes pass through in panels of a constant width, since a BLAS product's
    bits depend on its shape.
    """
    n, lanes = x.shape
    width = PANEL if data[5] * data[6] >= SHARED_FROM else lanes
    part, part_slope, part_loss = x, g, loss
    if width < lanes:
        part, part_slope, part_loss = np.empty((n, PANEL), x.dtype), np.empty((n, PANEL), x.dtype), np.empty(PANEL)
    for first in range(0, lanes, width):
        if width < lanes:
            for i in range(n):
                for lane in range(PANEL):
                    part[i, lane] = x[i, first + lane]
        _pass(part, part_slope, part_loss, data, rows, step)
        if width < lanes:
            for i in range(n):
                for lane in range(PANEL if step != -1 else 0):
                    g[i, first + lane] = part_slope[i, lane]
            for lane in range(PANEL if step == -1 else 0):
                g[0, first + lane] = part_slope[0, lane]
            for lane in range(PANEL):
                loss[first + lane] = part_loss[lane]


# joined to `network` before compilation: LLVM would optimise it once on its own and once within (16 s, not 10)
@numba.njit(inline="always")
def _pass(x, g, loss, data, rows, step):
    lanes = x.shape[1]
    depth, samples = int(data[0]) - 1, int(data[1])
    activation, loss_code, l2 = int(data[2]), int(data[3]), data[4]
    widths = data[5 : 6 + depth]
    units_in, units_out = int(widths[0]), int(widths[depth])
    target_width = 1 if loss_code == 2 else units_out
    begin = 6 + depth
    all_inputs = data[begin : begin + samples * units_in].reshape(samples, units_in)
    all_targets = data[begin + samples * units_in :].reshape(samples, target_width)
    scale = 1.0 / (rows.size * units_out) if loss_code == 0 or loss_code == 3 else 1.0 / rows.size
    scores = np.zeros(lanes if step == -1 else 0)
    shared = units_in * int(widths[1]) >= SHARED_FROM
    units, widest = 0, 0
    for i in range(1, depth + 1):
        units += int(widths[i])
        widest = max(widest, int(widths[i]))
    chunk = min(CHUNK, rows.size)
    whole = rows.size == samples  # all rows are always in order
    # one allocation: six small ones cost as much as the arithmetic of a small network
    room = chunk * lanes
    work = np.empty(room * (units + 2 * widest) + (0 if whole else chunk * (units_in + target_width)), x.dtype)
    values, slopes = work[: room * units], work[room * units : room * (units + 2 * widest)]
    gathered = work[room * (units + 2 * widest) :]
    part = np.empty((x.shape[0], lanes), x.dtype) if rows.size > CHUNK and step != -1 else g
    for lane in range(lanes):
        loss[lane] = 0.0
    for first in range(0, rows.size, CHUNK):
        count = min(CHUNK, rows.size - first)
        if whole:
            batch, batch_targets = all_inputs[first : first + count], all_targets[first : first + count]
        else:
            batch = gathered[: count * units_in].reshape(count, units_in)
            batch_targets = gathered[chunk * units_in : chunk * units_in + count * target_width].reshape(count, target_width)
            for s in range(count):
                row = rows[first + s]
                for d in range(units_in):
                    batch[s, d] = all_inputs[row, d]
                for k in range(target_width):
                    batch_targets[s, k] = all_targets[row, k]

        place, at = 0, 0
        for i in range(depth):
            fan_in, fan_out = int(widths[i]), int(widths[i + 1])
            weights = x[at : at + fan_in * fan_out]
            bias = x[at + fan_in * fan_out : at + (fan_in + 1) * fan_out]
            size = count * fan_out * lanes
            out = values[place : place + size].reshape(count, fan_out, lanes)
            if i > 0:
                before = values[place - count * fan_in * lanes : place].reshape(count, fan_in, lanes)
                forward.layer(before, weights, bias, out)
            elif shared:
                forward.shared_product(batch, weights, out)
                forward.add_bias(bias, out)
            else:
                forward.data_layer(batch, weights, bias, out)
            if i < depth - 1:
                forward.activation(activation, values[place : place + size])
            place += size
            at += (fan_in + 1) * fan_out
        outputs = values[place - count * units_out * lanes : place].reshape(count, units_out, lanes)
        if loss_code == 0:
            forward.mean_squared_error(outputs, batch_targets, loss)
        elif loss_code == 1:
            forward.binary_cross_entropy(outputs, batch_targets, loss)
        elif loss_code == 2:
            forward.softmax_cross_entropy(outputs, batch_targets, loss)
        elif loss_code == 3:
            forward.huber(outputs, batch_targets, loss)
        else:
            forward.poisson(outputs, batch_targets, loss)
        if step == -1:
            score.count(loss_code, outputs, batch_targets, scores)
            continue

        if loss_code == 0:
            backward.mean_squared_error(outputs, batch_targets, scale)
        elif loss_code == 1:
            backward.binary_cross_entropy(outputs, batch_targets, scale)
        elif loss_code == 2:
            backward.softmax_cross_entropy(outputs, batch_targets, scale)
        elif loss_code == 3:
            backward.huber(outputs, batch_targets, scale)
        else:
            backward.poisson(outputs, batch_targets, scale)
        target = g if first == 0 else part
        slope = outputs
        for i in range(depth - 1, -1, -1):
            fan_in, fan_out = int(widths[i]), int(widths[i + 1])
            at -= (fan_in + 1) * fan_out
            weights_slope = target[at : at + fan_in * fan_out]
            bias_slope = target[at + fan_in * fan_out : at + (fan_in + 1) * fan_out]
            place -= count * fan_out * lanes
            if i > 0:
                flat = values[place - count * fan_in * lanes : place]
                next_flat = slopes[i % 2 * room * widest : i % 2 * room * widest + count * fan_in * lanes]
                next_slope = next_flat.reshape(count, fan_in, lanes)
                backward.layer(
                    flat.reshape(count, fan_in, lanes),
                    x[at : at + fan_in * fan_out],
                    slope,
                    weights_slope,
                    bias_slope,
                    next_slope,
                )
                backward.activation(activation, flat, next_flat)
                slope = next_slope
            elif shared:
                backward.shared_product(batch, slope, weights_slope)
                backward.add_bias(slope, bias_slope)
            else:
                backward.data_layer(batch, slope, weights_slope, bias_slope)
        if first > 0:
            for i in range(g.shape[0]):
                for lane in range(lanes):
                    g[i, lane] += part[i, lane]

    for lane in range(lanes):
        loss[lane] *= scale
    if step == -1:
        score.finish(loss_code, all_targets, rows, scores)
        for lane in range(lanes):
            g[0, lane] = scores[lane] if loss[lane] * 0.0 == 0.0 else np.nan  # NaN outputs would count as the first class
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
