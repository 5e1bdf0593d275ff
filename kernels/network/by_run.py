"""A dense network's pass run by run, its layers BLAS products: for larger layers.

With samples as the wide axis and the bias as one more weight of an input that is always 1, every
product is one that BLAS does at full speed for 10 outputs as well as for 1 000, and whose shape
depends on the problem alone (docs/decisions/0012).
"""

import numba
import numpy as np

from ..jit import jit
from ..signatures import PADDING
from . import backward, forward, metric

GROUP = 8
"""Runs whose parameters are copied from the block and back together: a cache line of float64."""

FEW = 2
"""Runs up to which they are copied one by one."""


@numba.njit(inline="always")
def by_run(
    x, g, loss, scores, widths, activation, loss_code, inputs, targets, rows, seeds, scale, chunk
):
    """As by_lane. Padding lanes repeat what the one before them has, and cost a copy."""
    n, lanes = x.shape
    depth, target_width, units_in = widths.size - 1, targets.shape[1], inputs.shape[1]
    units, widest = 0, 0
    for i in range(1, depth + 1):
        units += int(widths[i]) + 1
        widest = max(widest, int(widths[i]) + 1)
    chunk = min(chunk, rows.size)
    # layer after layer, the runs of a group side by side
    weights, slopes_of_weights = np.empty(GROUP * n, x.dtype), np.empty(GROUP * n, x.dtype)
    part = np.empty(n if rows.size > chunk else 0, x.dtype)
    down_flat, across_flat = (
        np.empty((units_in + 1) * chunk, x.dtype),
        np.empty((units_in + 1) * chunk, x.dtype),
    )
    answers = np.empty(target_width * chunk, x.dtype)
    values = np.empty(units * chunk, x.dtype)
    derivatives = np.empty(values.size, x.dtype) if activation == 6 else values[:0]
    slopes = np.empty((2, widest * chunk), x.dtype)
    losses = np.empty(chunk)
    counts = np.empty(target_width * chunk if scores.size else 0)
    used = lanes
    while used > 1 and seeds[used - 1] == PADDING:
        used -= 1
    for first_lane in range(0, used, GROUP):
        group = min(GROUP, used - first_lane)
        at = 0
        for i in range(depth):
            fan_in, fan_out = int(widths[i]), int(widths[i + 1])
            end = at + (fan_in + 1) * fan_out
            block = x[at:end].reshape(
                fan_in + 1, fan_out, lanes
            )  # the biases follow the weights, as one more row
            _gather(block, first_lane, group, _of_layer(weights, at, fan_in, fan_out))
            at = end
        for lane in range(first_lane, first_lane + group):
            loss[lane] = 0.0
        for first in range(0, rows.size, chunk):
            count = min(chunk, rows.size - first)
            down = down_flat[: (units_in + 1) * count].reshape(units_in + 1, count)
            across = across_flat[: (units_in + 1) * count].reshape(count, units_in + 1)
            truth = answers[: target_width * count].reshape(target_width, 1, count)
            if first_lane == 0 or rows.size > chunk:
                _read(inputs, rows[first : first + count], across, down)
                for s in range(count):
                    for k in range(target_width):
                        truth[k, 0, s] = targets[rows[first + s], k]
            for lane in range(group):
                place, at, before, out = 0, 0, down, down
                for i in range(depth):
                    fan_in, fan_out = int(widths[i]), int(widths[i + 1])
                    size = fan_out * count
                    out = values[place : place + size].reshape(fan_out, count)
                    end = at + (fan_in + 1) * fan_out
                    own = _of_layer(weights, at, fan_in, fan_out)[lane]
                    forward.product(before, own, out)
                    if i < depth - 1:
                        forward.activation(
                            activation,
                            values[place : place + size],
                            derivatives[place : place + size],
                        )
                        for s in range(place + size, place + size + count):
                            values[s] = 1.0
                        before = values[place : place + size + count].reshape(fan_out + 1, count)
                    place += size + count
                    at = end
                outputs = out.reshape(out.shape[0], 1, count)
                seen = losses[:count]
                for s in range(count):
                    seen[s] = 0.0
                forward.loss(loss_code, outputs, truth, seen)
                total = 0.0
                for s in range(count):
                    total += seen[s]
                loss[first_lane + lane] += total
                if scores.size:
                    own_counts = counts[: target_width * count]
                    for s in range(own_counts.size):
                        own_counts[s] = 0.0
                    metric.count(loss_code, outputs, truth, own_counts)
                    for k in range(target_width):
                        for s in range(count):
                            scores[k * lanes + first_lane + lane] += own_counts[k * count + s]
                    continue

                backward.loss(loss_code, outputs, truth, scale)
                slope = out
                for i in range(depth - 1, -1, -1):
                    fan_in, fan_out = int(widths[i]), int(widths[i + 1])
                    end, at = at, at - (fan_in + 1) * fan_out
                    kept_slope = _of_layer(slopes_of_weights, at, fan_in, fan_out)[lane]
                    own_slope = (
                        kept_slope if first == 0 else part[at:end].reshape(fan_out, fan_in + 1)
                    )
                    place -= (fan_out + 1) * count
                    if i > 0:
                        began = place - (fan_in + 1) * count
                        before = values[began:place].reshape(fan_in + 1, count)
                        own = _of_layer(weights, at, fan_in, fan_out)[lane]
                        next_flat = slopes[i % 2, : (fan_in + 1) * count]
                        backward.product(
                            before, own, slope, own_slope, next_flat.reshape(fan_in + 1, count)
                        )
                        live = fan_in * count
                        backward.activation(
                            activation,
                            values[began : began + live],
                            derivatives[began : began + live],
                            next_flat[:live],
                        )
                        slope = next_flat[:live].reshape(fan_in, count)
                    else:
                        np.dot(slope, across, own_slope)
                    if first > 0:
                        for h in range(fan_out):
                            for d in range(fan_in + 1):
                                kept_slope[h, d] += own_slope[h, d]
        at = 0
        for i in range(depth if scores.size == 0 else 0):
            fan_in, fan_out = int(widths[i]), int(widths[i + 1])
            end = at + (fan_in + 1) * fan_out
            found = _of_layer(slopes_of_weights, at, fan_in, fan_out)
            _scatter(found, first_lane, group, g[at:end].reshape(fan_in + 1, fan_out, lanes))
            at = end
    for lane in range(used, lanes):
        loss[lane] = loss[used - 1]
    for i in range(n if scores.size == 0 and used < lanes else 0):
        last = g[i, used - 1]
        for lane in range(used, lanes):
            g[i, lane] = last


@numba.njit(inline="always")
def _of_layer(numbers, at, fan_in, fan_out):
    """The weights of all runs of a group, or their slopes, of the layer that begins at coordinate
    `at`.
    """
    begin = GROUP * at
    return numbers[begin : begin + GROUP * (fan_in + 1) * fan_out].reshape(
        GROUP, fan_out, fan_in + 1
    )


@jit
def _read(inputs, rows, across, down):
    """Copy these rows of the data, and a 1 each: as rows across, (samples, units_in + 1), and as
    columns down.
    """
    samples, units_in = rows.size, inputs.shape[1]
    for s in range(samples):
        row = inputs[rows[s]]
        for d in range(units_in):
            across[s, d] = row[d]
        across[s, units_in] = 1.0
        down[units_in, s] = 1.0
    whole = samples - samples % 8
    for s in range(0, whole, 8):
        for d in range(units_in):
            for k in range(8):
                down[d, s + k] = across[s + k, d]
    for s in range(whole, samples):
        for d in range(units_in):
            down[d, s] = across[s, d]


@jit
def _gather(block, first, group, weights):
    """Copy a layer of some lanes out of a block: (units_in + 1, units_out, L) to (GROUP, units_out,
    units_in + 1).
    """
    if group <= FEW or first + GROUP > block.shape[2]:
        for lane in range(first, first + group):
            for d in range(block.shape[0]):
                for h in range(block.shape[1]):
                    weights[lane - first, h, d] = block[d, h, lane]
        return
    # lanes whose number the compiler knows are unrolled, 0.3 ns a number instead of 1.3: all of
    # them, used or not
    for d in range(block.shape[0]):
        for h in range(block.shape[1]):
            for lane in range(GROUP):
                weights[lane, h, d] = block[d, h, first + lane]


@jit
def _scatter(weights, first, group, block):
    """The way back."""
    if group <= FEW or first + GROUP > block.shape[2]:
        for lane in range(first, first + group):
            for d in range(block.shape[0]):
                for h in range(block.shape[1]):
                    block[d, h, lane] = weights[lane - first, h, d]
        return
    for d in range(block.shape[0]):
        for h in range(block.shape[1]):
            for lane in range(GROUP):
                block[d, h, first + lane] = weights[lane, h, d]
