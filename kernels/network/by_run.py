"""A dense network's pass run by run, its layers BLAS products: for larger layers.

With samples as the wide axis and the bias as one more weight of an input that is always 1, every
product is one that BLAS does at full speed for 10 outputs as well as for 1 000, and whose shape
depends on the problem alone (docs/decisions/0012).

Parameters are copied out of the block for a group of runs at a time (run_groups.py).
"""

from typing import NamedTuple

import numpy as np

from ..jit import jit, joined
from ..signatures import PADDING
from . import backward, forward, metric
from .activations import keeps_slopes
from .run_groups import GROUP, gather, of_layer, scatter


class Room(NamedTuple):
    """The arrays that the runs of a block use in turn, flat unless a shape is given.

    weights, weights_slopes : (GROUP n,), the parameters of a group of runs and their slopes, as
    run_groups.of_layer sees them.
    part : (n,), the slopes from rows that pass after the first ones; empty where all pass together.
    across, down : the inputs and a 1 of the rows that pass together: (rows, units_in + 1) and
    (units_in + 1, rows).
    answers : their targets, (units, rows).
    values : the results of all layers, (units, rows) each, and after each layer a row of ones.
    derivatives : the slopes of activations that keep them, in the places of `values`.
    slopes : (2, widest layer), the slope at a layer's results, and at those of the layer before.
    losses, counts : each row's loss, and each output's and row's tally.
    """

    weights: np.ndarray
    weights_slopes: np.ndarray
    part: np.ndarray
    across: np.ndarray
    down: np.ndarray
    answers: np.ndarray
    values: np.ndarray
    derivatives: np.ndarray
    slopes: np.ndarray
    losses: np.ndarray
    counts: np.ndarray


@joined
def by_run(x, g, loss, tallies, network, batch, seeds):
    """The sums and slopes of by_lane, run by run.

    x, g, loss, tallies, network, batch : as for by_lane.  seeds : (L,); lanes whose seed is PADDING
    get what the last lane before them has, and cost a copy.
    """
    lanes = x.shape[1]
    rows, scale = batch.rows, batch.scale
    chunk = min(batch.chunk, rows.size)
    inputs, targets = network.inputs, network.targets
    units_in, target_width = inputs.shape[1], targets.shape[1]
    room = _room(x, tallies, network, rows, chunk)
    used = lanes
    while used > 1 and seeds[used - 1] == PADDING:
        used -= 1
    for first_lane in range(0, used, GROUP):
        group = min(GROUP, used - first_lane)
        gather(x, first_lane, group, network.widths, room.weights)
        for lane in range(first_lane, first_lane + group):
            loss[lane] = 0.0
        for first in range(0, rows.size, chunk):
            count = min(chunk, rows.size - first)
            across = room.across[: (units_in + 1) * count].reshape(count, units_in + 1)
            down = room.down[: (units_in + 1) * count].reshape(units_in + 1, count)
            truth = room.answers[: target_width * count].reshape(target_width, 1, count)
            if first_lane == 0 or rows.size > chunk:
                _read_rows(inputs, targets, rows[first : first + count], across, down, truth)
            for lane in range(group):
                out = _forward(network, room, down, lane)
                outputs = out.reshape(out.shape[0], 1, count)
                loss[first_lane + lane] += _sum_of_losses(
                    network.loss, outputs, truth, room.losses[:count]
                )
                if tallies.size:
                    counts = room.counts[: target_width * count]
                    _count(network.loss, outputs, truth, counts, tallies, first_lane + lane, lanes)
                else:
                    backward.loss(network.loss, outputs, truth, scale)
                    _backward(network, room, across, lane, out, first > 0)
        if tallies.size == 0:
            scatter(room.weights_slopes, first_lane, group, network.widths, g)
    _repeat_last_lane(g, loss, used, tallies.size == 0)


@joined
def _room(x, tallies, network, rows, chunk):
    n, widths = x.shape[0], network.widths
    units_in, target_width = network.inputs.shape[1], network.targets.shape[1]
    units, widest = 0, 0
    for i in range(1, widths.size):
        units += int(widths[i]) + 1
        widest = max(widest, int(widths[i]) + 1)
    values = np.empty(units * chunk, x.dtype)
    kept = keeps_slopes(network.activation)
    return Room(
        weights=np.empty(GROUP * n, x.dtype),
        weights_slopes=np.empty(GROUP * n, x.dtype),
        part=np.empty(n if rows.size > chunk else 0, x.dtype),
        across=np.empty((units_in + 1) * chunk, x.dtype),
        down=np.empty((units_in + 1) * chunk, x.dtype),
        answers=np.empty(target_width * chunk, x.dtype),
        values=values,
        derivatives=np.empty(values.size, x.dtype) if kept else values[:0],
        slopes=np.empty((2, widest * chunk), x.dtype),
        losses=np.empty(chunk),
        counts=np.empty(target_width * chunk if tallies.size else 0),
    )


@jit
def _read_rows(inputs, targets, rows, across, down, truth):
    """Copy these rows of the data set: their inputs, and a 1 each, to across (rows, units_in + 1)
    and to down (units_in + 1, rows), their targets to truth (units, 1, rows).
    """
    count, units_in = rows.size, inputs.shape[1]
    for s in range(count):
        row = inputs[rows[s]]
        for d in range(units_in):
            across[s, d] = row[d]
        across[s, units_in] = 1.0
        down[units_in, s] = 1.0
    whole = count - count % 8
    for s in range(0, whole, 8):
        for d in range(units_in):
            for k in range(8):
                down[d, s + k] = across[s + k, d]
    for s in range(whole, count):
        for d in range(units_in):
            down[d, s] = across[s, d]
    for s in range(count):
        for k in range(truth.shape[0]):
            truth[k, 0, s] = targets[rows[s], k]


@joined
def _forward(network, room, down, lane):
    """The network's outputs (units, rows) for the inputs `down` (units_in + 1, rows), with the
    weights of run `lane` of the group; room.values keeps the results of all layers.
    """
    widths, values, derivatives = network.widths, room.values, room.derivatives
    weights, activation = room.weights, network.activation
    depth, count = widths.size - 1, down.shape[1]
    before, out, place, at = down, down, 0, 0
    for i in range(depth):
        fan_in, fan_out = int(widths[i]), int(widths[i + 1])
        size = fan_out * count
        out = values[place : place + size].reshape(fan_out, count)
        forward.product(before, of_layer(weights, at, fan_in, fan_out)[lane], out)
        if i < depth - 1:
            forward.activation(
                activation, values[place : place + size], derivatives[place : place + size]
            )
            for s in range(place + size, place + size + count):
                values[s] = 1.0
            before = values[place : place + size + count].reshape(fan_out + 1, count)
        place += size + count
        at += (fan_in + 1) * fan_out
    return out


@joined
def _sum_of_losses(code, outputs, truth, losses):
    """The loss of a run's outputs (units, 1, rows), summed row by row.  losses : (rows,),
    overwritten.
    """
    count = outputs.shape[2]
    for s in range(count):
        losses[s] = 0.0
    forward.loss(code, outputs, truth, losses)
    total = 0.0
    for s in range(count):
        total += losses[s]
    return total


@joined
def _count(code, outputs, truth, counts, tallies, lane, lanes):
    """Add a run's tallies, summed row by row, to its entry for each output: tallies[lane],
    tallies[lanes + lane], ...

    counts : (units, rows) as one dimension, overwritten.
    """
    count = outputs.shape[2]
    for s in range(counts.size):
        counts[s] = 0.0
    metric.count(code, outputs, truth, counts)
    for k in range(truth.shape[0]):
        for s in range(count):
            tallies[k * lanes + lane] += counts[k * count + s]


@joined
def _backward(network, room, across, lane, slope, adds):
    """Put a run's slopes by its weights into room.weights_slopes, or add them to what is there.

    across : the inputs (rows, units_in + 1).  lane : the run's place in the group.
    slope : (units, rows), the loss's by the outputs; it is overwritten.  adds : whether rows have
    passed before.
    """
    widths, values, derivatives = network.widths, room.values, room.derivatives
    weights, weights_slopes, part = room.weights, room.weights_slopes, room.part
    slopes, activation = room.slopes, network.activation
    depth, count = widths.size - 1, slope.shape[1]
    place, at = 0, 0
    for i in range(depth):
        place += (int(widths[i + 1]) + 1) * count
        at += (int(widths[i]) + 1) * int(widths[i + 1])
    for i in range(depth - 1, -1, -1):
        fan_in, fan_out = int(widths[i]), int(widths[i + 1])
        end, at = at, at - (fan_in + 1) * fan_out
        kept_slope = of_layer(weights_slopes, at, fan_in, fan_out)[lane]
        own_slope = part[at:end].reshape(fan_out, fan_in + 1) if adds else kept_slope
        place -= (fan_out + 1) * count
        if i > 0:
            began = place - (fan_in + 1) * count
            before = values[began:place].reshape(fan_in + 1, count)
            own = of_layer(weights, at, fan_in, fan_out)[lane]
            next_flat = slopes[i % 2, : (fan_in + 1) * count]
            next_slope = next_flat.reshape(fan_in + 1, count)
            backward.product(before, own, slope, own_slope, next_slope)
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
        if adds:
            for h in range(fan_out):
                for d in range(fan_in + 1):
                    kept_slope[h, d] += own_slope[h, d]


@joined
def _repeat_last_lane(g, loss, used, with_gradient):
    """Give the padding lanes, from `used` on, what the lane before them has."""
    for lane in range(used, loss.size):
        loss[lane] = loss[used - 1]
    for i in range(g.shape[0] if with_gradient and used < loss.size else 0):
        last = g[i, used - 1]
        for lane in range(used, loss.size):
            g[i, lane] = last
