"""A dense network's pass in which the innermost index of every loop is the lane: for small layers
and many runs.
"""

from typing import NamedTuple

import numpy as np

from ..jit import joined
from . import backward, forward, metric
from .activations import keeps_slopes


class Room(NamedTuple):
    """Arrays that are used anew by the rows that pass together, all flat.

    values : the results of all layers, (units, rows, L) each.
    derivatives : the slopes of activations that keep them, in the places of `values`.
    slopes : the slope at a layer's results, and at those of the layer before: twice the widest.
    answers : the rows' targets, (units, rows, L).  gathered : their inputs, (rows, units_in), empty
    where all rows pass in the order in which they lie.
    part : (n, L), the slopes from these rows; the gradient itself for the first ones.
    """

    values: np.ndarray
    derivatives: np.ndarray
    slopes: np.ndarray
    answers: np.ndarray
    gathered: np.ndarray
    part: np.ndarray


@joined
def by_lane(x, g, loss, tallies, network, batch):
    """Sum of losses over rows and outputs, and the slopes of scale times it; or, where `tallies`
    has room, the loss and the tallies alone.

    x, g : (n, L).  loss : float64 (L,).  tallies : float64, flat (outputs, L) as metric.count takes
    them, or empty.
    network : a layout.Network.  batch : a layout.Batch.
    """
    lanes, depth = x.shape[1], network.widths.size - 1
    rows, scale = batch.rows, batch.scale
    chunk = min(batch.chunk, rows.size)
    target_width, units_out = network.targets.shape[1], int(network.widths[depth])
    room = _room(x, g, tallies, network, rows, chunk)
    for lane in range(lanes):
        loss[lane] = 0.0
    for first in range(0, rows.size, chunk):
        count = min(chunk, rows.size - first)
        truth = room.answers[: target_width * count * lanes].reshape(target_width, count, lanes)
        inputs = _read_rows(network.inputs, network.targets, rows, first, room.gathered, truth)
        end = _forward(x, network, inputs, room)
        outputs = room.values[end - units_out * count * lanes : end].reshape(
            units_out, count, lanes
        )
        forward.loss(network.loss, outputs, truth, loss)
        if tallies.size:
            metric.count(network.loss, outputs, truth, tallies)
        else:
            backward.loss(network.loss, outputs, truth, scale)
            _backward(x, network, inputs, room, outputs, g if first == 0 else room.part)
            if first > 0:
                for i in range(g.shape[0]):
                    for lane in range(lanes):
                        g[i, lane] += room.part[i, lane]


@joined
def _room(x, g, tallies, network, rows, chunk):
    widths, lanes = network.widths, x.shape[1]
    units_in, target_width = network.inputs.shape[1], network.targets.shape[1]
    units, widest = 0, 0
    for i in range(1, widths.size):
        units += int(widths[i])
        widest = max(widest, int(widths[i]))
    whole = rows.size == network.inputs.shape[0]
    # one allocation: small ones cost as much as the arithmetic of a small network
    each = chunk * lanes
    work = np.empty(
        each * (units + 2 * widest + target_width) + (0 if whole else chunk * units_in), x.dtype
    )
    values, work = work[: each * units], work[each * units :]
    slopes, work = work[: each * 2 * widest], work[each * 2 * widest :]
    several = rows.size > chunk and tallies.size == 0
    return Room(
        values=values,
        derivatives=(
            np.empty(values.size, x.dtype) if keeps_slopes(network.activation) else values[:0]
        ),
        slopes=slopes,
        answers=work[: each * target_width],
        gathered=work[each * target_width :],
        part=np.empty((x.shape[0], lanes), x.dtype) if several else g,
    )


@joined
def _read_rows(inputs, targets, rows, first, gathered, truth):
    """The inputs (rows, units_in) of the rows from place `first` in `rows` on; truth (units, rows,
    L) gets their targets.
    """
    target_width, count, lanes = truth.shape
    units_in = inputs.shape[1]
    # whatever their order, the sums are those of all rows
    whole = rows.size == inputs.shape[0]
    taken = (
        inputs[first : first + count]
        if whole
        else gathered[: count * units_in].reshape(count, units_in)
    )
    for s in range(count):
        row = first + s if whole else rows[first + s]
        for d in range(0 if whole else units_in):
            taken[s, d] = inputs[row, d]
        for k in range(target_width):
            target = targets[row, k]
            for lane in range(lanes):
                truth[k, s, lane] = target
    return taken


@joined
def _forward(x, network, inputs, room):
    """Fill room.values with the results of all layers for these inputs; returns where the outputs,
    which are the last of them, end.
    """
    widths, values, derivatives = network.widths, room.values, room.derivatives
    depth, activation = widths.size - 1, network.activation
    count, lanes = inputs.shape[0], x.shape[1]
    columns = count * lanes
    place, at = 0, 0
    for i in range(depth):
        fan_in, fan_out = int(widths[i]), int(widths[i + 1])
        weights = x[at : at + fan_in * fan_out]
        bias = x[at + fan_in * fan_out : at + (fan_in + 1) * fan_out]
        size = fan_out * columns
        out = values[place : place + size].reshape(fan_out, count, lanes)
        if i > 0:
            before = values[place - fan_in * columns : place].reshape(fan_in, count, lanes)
            forward.layer(before, weights, bias, out)
        else:
            forward.data_layer(inputs, weights, bias, out)
        if i < depth - 1:
            forward.activation(
                activation, values[place : place + size], derivatives[place : place + size]
            )
        place += size
        at += (fan_in + 1) * fan_out
    return place


@joined
def _backward(x, network, inputs, room, slope, into):
    """Fill `into` (n, L) with the slopes by all parameters.

    slope : (units, rows, L), the loss's by the outputs, which end room.values.
    """
    widths, values, derivatives = network.widths, room.values, room.derivatives
    slopes, activation = room.slopes, network.activation
    count, lanes = inputs.shape[0], x.shape[1]
    columns = count * lanes
    half = slopes.size // 2
    place, at = 0, x.shape[0]
    for i in range(1, widths.size):
        place += int(widths[i]) * columns
    for i in range(widths.size - 2, -1, -1):
        fan_in, fan_out = int(widths[i]), int(widths[i + 1])
        at -= (fan_in + 1) * fan_out
        weights_slope = into[at : at + fan_in * fan_out]
        bias_slope = into[at + fan_in * fan_out : at + (fan_in + 1) * fan_out]
        place -= fan_out * columns
        if i > 0:
            flat = values[place - fan_in * columns : place]
            next_flat = slopes[i % 2 * half : i % 2 * half + fan_in * columns]
            next_slope = next_flat.reshape(fan_in, count, lanes)
            before = flat.reshape(fan_in, count, lanes)
            weights = x[at : at + fan_in * fan_out]
            backward.layer(before, weights, slope, weights_slope, bias_slope, next_slope)
            backward.activation(
                activation, flat, derivatives[place - fan_in * columns : place], next_flat
            )
            slope = next_slope
        else:
            backward.data_layer(inputs, slope, weights_slope, bias_slope)
