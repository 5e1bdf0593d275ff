"""A dense network's pass in which the innermost index of every loop is the lane: for small layers
and many runs.

One function from the rows to the slopes: split into parts, the references of the arrays that they
hand on are counted at each call, which costs a small network's pass 8 % (16 lanes of XOR) and more
in float32.
"""

import numpy as np

from ..jit import joined
from . import backward, forward, metric
from .activations import keeps_slopes


@joined
def by_lane(x, g, loss, tallies, network, batch):
    """Sum of losses over rows and outputs, and the slopes of scale times it; or, where `tallies`
    has room, the loss and the tallies alone.

    x, g : (n, L).  loss : float64 (L,).  tallies : float64, flat (outputs, L) as metric.count takes
    them, or empty.
    network : a layout.Network.  batch : a layout.Batch.
    """
    widths, activation, loss_code = network.widths, network.activation, network.loss
    data_inputs, targets = network.inputs, network.targets
    rows, scale, chunk = batch.rows, batch.scale, min(batch.chunk, batch.rows.size)
    lanes, depth = x.shape[1], widths.size - 1
    units_in, units_out, target_width = data_inputs.shape[1], int(widths[depth]), targets.shape[1]
    units, widest = 0, 0
    for i in range(1, depth + 1):
        units += int(widths[i])
        widest = max(widest, int(widths[i]))
    whole = rows.size == data_inputs.shape[0]  # whatever their order, the sums are those of all
    # one allocation: small ones cost as much as the arithmetic of a small network
    each = chunk * lanes
    work = np.empty(
        each * (units + 2 * widest + target_width) + (0 if whole else chunk * units_in), x.dtype
    )
    values, work = work[: each * units], work[each * units :]
    slopes, work = work[: each * 2 * widest], work[each * 2 * widest :]
    answers, gathered = work[: each * target_width], work[each * target_width :]
    derivatives = np.empty(values.size, x.dtype) if keeps_slopes(activation) else values[:0]
    part = np.empty((x.shape[0], lanes), x.dtype) if rows.size > chunk and tallies.size == 0 else g
    for lane in range(lanes):
        loss[lane] = 0.0
    for first in range(0, rows.size, chunk):
        # the rows of this chunk, gathered where they don't lie side by side
        count = min(chunk, rows.size - first)
        columns = count * lanes
        inputs = (
            data_inputs[first : first + count]
            if whole
            else gathered[: count * units_in].reshape(count, units_in)
        )
        truth = answers[: target_width * columns].reshape(target_width, count, lanes)
        for s in range(count):
            row = first + s if whole else rows[first + s]
            for d in range(0 if whole else units_in):
                inputs[s, d] = data_inputs[row, d]
            for k in range(target_width):
                target = targets[row, k]
                for lane in range(lanes):
                    truth[k, s, lane] = target

        # forward: the results of all layers lie in `values` one after the other
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
        outputs = values[place - units_out * columns : place].reshape(units_out, count, lanes)
        forward.loss(loss_code, outputs, truth, loss)
        if tallies.size:
            metric.count(loss_code, outputs, truth, tallies)
            continue

        # backward: the outputs become the loss's slopes by them, and so on to the first layer
        backward.loss(loss_code, outputs, truth, scale)
        into = g if first == 0 else part
        slope = outputs
        for i in range(depth - 1, -1, -1):
            fan_in, fan_out = int(widths[i]), int(widths[i + 1])
            at -= (fan_in + 1) * fan_out
            weights_slope = into[at : at + fan_in * fan_out]
            bias_slope = into[at + fan_in * fan_out : at + (fan_in + 1) * fan_out]
            place -= fan_out * columns
            if i > 0:
                flat = values[place - fan_in * columns : place]
                half = i % 2 * each * widest
                next_flat = slopes[half : half + fan_in * columns]
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
        if first > 0:
            for i in range(g.shape[0]):
                for lane in range(lanes):
                    g[i, lane] += part[i, lane]
