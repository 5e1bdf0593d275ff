"""Where lanes end: targets are noted, diverged lanes are frozen, and the others are packed."""

from typing import NamedTuple

import numpy as np

from .jit import inline, jit
from .signatures import PADDING

BUDGET, SOLVED, DIVERGED = 0, 1, 2
"""How a lane ended."""


class Lanes(NamedTuple):
    """What the loop knows of each lane still running; arrays of the first width, filled in front.

    loss : what came with the last gradient.  objective : the full, noise-free loss, the same array
    where the two are one.  lr, seeds : the lane's own.  place : its column in the Record.
    goal : the number of the next target.  wanted : that target's level, -inf beyond the last.
    cap : the loss beyond which it has diverged.  best : the least recorded loss.
    extra : evaluations beyond one an update.  paid : those already looked at by the loop.
    """

    loss: np.ndarray
    objective: np.ndarray
    lr: np.ndarray
    seeds: np.ndarray
    place: np.ndarray
    goal: np.ndarray
    wanted: np.ndarray
    cap: np.ndarray
    best: np.ndarray
    extra: np.ndarray
    paid: np.ndarray


class Buffers(NamedTuple):
    """The matrices that end with the lanes, flat: x and g (n, L), the slots (s, L), and the
    gradients that are late (delay * n, L).
    """

    x: np.ndarray
    g: np.ndarray
    state: np.ndarray
    late: np.ndarray


class Moment(NamedTuple):
    """The step at which lanes are looked at.

    step, steps : updates done, and the budget.  seen : every lane's objective is known at x.
    unsound : some coordinate is not finite.
    """

    step: int
    steps: int
    seen: bool
    unsound: bool


@jit
def end_lanes(x, lanes, live, keep, moment, plan, record):
    """Note the targets that lanes meet, and end those that are done: solved, out of budget, or
    diverged.

    keep[:left] : the columns that go on.  Returns left.
    """
    step, steps, all_seen, unsound = moment
    targets, left = plan.targets, 0
    for lane in range(live):
        own, value = lanes.place[lane], lanes.objective[lane]
        cost = step + lanes.extra[lane]
        going = cost < steps
        seen = all_seen or not going
        finite = lanes.loss[lane] <= lanes.cap[lane] and (value <= lanes.cap[lane] or not seen)
        if finite and not unsound and going and (not seen or value > lanes.wanted[lane]):
            keep[left] = lane
            left += 1
            continue
        goal = lanes.goal[lane]
        if seen and cost <= steps:
            while goal < targets.size and value <= targets[goal]:
                record.hit_steps[goal, own] = step
                record.hit_evaluations[goal, own] = cost
                goal += 1
            lanes.goal[lane] = goal
            lanes.wanted[lane] = targets[goal] if goal < targets.size else -np.inf
        if unsound:
            for i in range(x.shape[0]):
                finite = finite and x[i, lane] - x[i, lane] == 0.0
        reached = targets.size > 0 and goal == targets.size
        if finite and going and not (plan.stop_at_target and reached):
            keep[left] = lane
            left += 1
            continue
        record.statuses[own] = SOLVED if reached else (BUDGET if finite else DIVERGED)
        record.ends[own] = step
        record.evaluations[own] = cost
        # a lane that left between two evaluations of its objective has no finite last loss
        record.final[own] = value if seen else np.inf
        record.best[own] = lanes.best[lane]
    return left


@jit
def pack_lanes(buffers, lanes, keep, old, new, left, apart):
    """Move the columns keep[:left] to the front: ended lanes cost nothing more.

    old, new : the widths before and after.  apart : loss and objective are two arrays. Padding
    lanes repeat the last live one, so that they compute ordinary numbers.
    """
    widest = lanes.loss.size
    for buffer in buffers:
        _pack(buffer, buffer.size // widest, old, new, keep, left)
    for values in (lanes.loss, lanes.lr, lanes.wanted, lanes.cap, lanes.best):
        _pack(values, 1, old, new, keep, left)
    for counts in (lanes.place, lanes.goal, lanes.extra, lanes.seeds):
        _pack(counts, 1, old, new, keep, left)
    if apart:
        _pack(lanes.objective, 1, old, new, keep, left)
    if lanes.paid.size:
        _pack(lanes.paid, 1, old, new, keep, left)
    for lane in range(left, new):
        lanes.seeds[lane] = PADDING


@inline
def _pack(buffer, rows, old, new, keep, live):
    """Move the columns `keep[:live]` of the (rows, old) matrix in `buffer` to the front of a
    (rows, new) one, in place.
    """
    for i in range(rows):
        for j in range(live):
            buffer[i * new + j] = buffer[i * old + keep[j]]
        for j in range(live, new):
            buffer[i * new + j] = buffer[i * new + live - 1]
