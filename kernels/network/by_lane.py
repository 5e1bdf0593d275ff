"""A dense network's pass in which the innermost index of every loop is the lane: for small layers
and many runs.
"""

import numba
import numpy as np

from . import backward, forward, metric


# joined to its caller before compilation: LLVM would optimise it once on its own and once within
@numba.njit(inline="always")
def by_lane(x, g, loss, scores, widths, activation, loss_code, inputs, targets, rows, scale, chunk):
    """Sum of losses (L,) over `rows` and outputs, and the slopes (n, L) of scale times it; or,
    where `scores` has room, those alone.

    inputs, targets : of the whole data set, (N, units).  scores : flat (outputs, L), see
    score.count.
    """
    lanes, depth = x.shape[1], widths.size - 1
    units_in, units_out, target_width = inputs.shape[1], int(widths[depth]), targets.shape[1]
    units, widest = 0, 0
    for i in range(1, depth + 1):
        units += int(widths[i])
        widest = max(widest, int(widths[i]))
    chunk = min(chunk, rows.size)
    whole = rows.size == inputs.shape[0]  # whatever their order, the sums are those of all rows
    # one allocation: small ones cost as much as the arithmetic of a small network
    room = chunk * lanes
    work = np.empty(
        room * (units + 2 * widest + target_width) + (0 if whole else chunk * units_in), x.dtype
    )
    values, work = work[: room * units], work[room * units :]
    slopes, work = work[: room * 2 * widest], work[room * 2 * widest :]
    answers, gathered = work[: room * target_width], work[room * target_width :]
    derivatives = np.empty(values.size, x.dtype) if activation == 6 else values[:0]
    part = np.empty((x.shape[0], lanes), x.dtype) if rows.size > chunk and scores.size == 0 else g
    for lane in range(lanes):
        loss[lane] = 0.0
    for first in range(0, rows.size, chunk):
        count = min(chunk, rows.size - first)
        columns = count * lanes
        batch = (
            inputs[first : first + count]
            if whole
            else gathered[: count * units_in].reshape(count, units_in)
        )
        truth = answers[: target_width * columns].reshape(target_width, count, lanes)
        for s in range(count):
            row = first + s if whole else rows[first + s]
            for d in range(0 if whole else units_in):
                batch[s, d] = inputs[row, d]
            for k in range(target_width):
                target = targets[row, k]
                for lane in range(lanes):
                    truth[k, s, lane] = target

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
                forward.data_layer(batch, weights, bias, out)
            if i < depth - 1:
                forward.activation(
                    activation, values[place : place + size], derivatives[place : place + size]
                )
            place += size
            at += (fan_in + 1) * fan_out
        outputs = values[place - units_out * columns : place].reshape(units_out, count, lanes)
        forward.loss(loss_code, outputs, truth, loss)
        if scores.size:
            metric.count(loss_code, outputs, truth, scores)
            continue

        backward.loss(loss_code, outputs, truth, scale)
        target_g = g if first == 0 else part
        slope = outputs
        for i in range(depth - 1, -1, -1):
            fan_in, fan_out = int(widths[i]), int(widths[i + 1])
            at -= (fan_in + 1) * fan_out
            weights_slope = target_g[at : at + fan_in * fan_out]
            bias_slope = target_g[at + fan_in * fan_out : at + (fan_in + 1) * fan_out]
            place -= fan_out * columns
            if i > 0:
                flat = values[place - fan_in * columns : place]
                next_flat = slopes[i % 2 * room * widest : i % 2 * room * widest + fan_in * columns]
                next_slope = next_flat.reshape(fan_in, count, lanes)
                before = flat.reshape(fan_in, count, lanes)
                backward.layer(
                    before,
                    x[at : at + fan_in * fan_out],
                    slope,
                    weights_slope,
                    bias_slope,
                    next_slope,
                )
                backward.activation(
                    activation, flat, derivatives[place - fan_in * columns : place], next_flat
                )
                slope = next_slope
            else:
                backward.data_layer(batch, slope, weights_slope, bias_slope)
        if first > 0:
            for i in range(g.shape[0]):
                for lane in range(lanes):
                    g[i, lane] += part[i, lane]
