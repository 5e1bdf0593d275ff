"""THE loop: gradient -> record -> stop? -> update, over the lanes of one block.

It compiles once per storage dtype and takes the problem's and the optimizer's kernels as
first-class functions. Only observation, gradient and update are on the hot path.
"""

from collections.abc import Callable

import numpy as np
from numba import void

from .clock import nanoseconds
from .groups import group_types
from .jit import builtin_kernel, compiled_once, inline, jit
from .lane_ends import Buffers, Lanes, Moment, end_lanes, pack_lanes
from .random import fill_rows
from .signatures import PANEL, Evaluate, array, gradient_function, storage, update_function

RUN_AWAY = 1e10
"""A lane has diverged when its loss exceeds the initial loss by this times
max(1, |initial loss|).
"""


def _run_lanes(gradient, update, project, start, state_start, feed, setup, plan, record):
    # unpacked here: a field read inside the loop costs a step of a small problem 10 %
    data, seeds, delay, batch = feed.data, feed.seeds, feed.delay, feed.batch
    loss_is_objective, deterministic = feed.loss_is_objective, feed.deterministic
    measured, projected = feed.measured, feed.projected
    settings, layout, multipliers = setup.settings, setup.layout, setup.multipliers
    reported, counts_evaluations = setup.reported, setup.counts_evaluations
    grid, clock = plan.grid, record.clock

    (dim, widest), state_rows = start.shape, state_start.shape[0]
    lanes, live, steps = widest, record.ends.size, multipliers.size
    kind, evaluated = start.dtype, measured or not loss_is_objective
    x_buffer, state_buffer = start.reshape(dim * lanes), state_start.reshape(state_rows * lanes)
    g_buffer = np.zeros(dim * lanes, kind)
    off_clock_g = np.zeros(dim * lanes if evaluated else 0, kind)
    # the gradients of the last `delay` updates, one below the other, each in the place of the one
    # it follows on
    late_buffer = np.zeros(delay * dim * lanes, kind)
    tried_buffer = np.zeros(dim * lanes if counts_evaluations else 0, kind)
    loss = np.zeros(lanes)
    wanted = np.full(lanes, plan.targets[0] if plan.targets.size else -np.inf)
    objective = loss if loss_is_objective else np.zeros(lanes)
    unread = np.zeros(lanes if measured else 0)
    cap, best = np.full(lanes, np.inf), np.full(lanes, np.inf)
    place, goal, extra = np.arange(lanes), np.zeros(lanes, np.int64), np.zeros(lanes, np.int64)
    paid, keep = np.zeros(lanes if counts_evaluations else 0, np.int64), np.zeros(lanes, np.int64)
    known = Lanes(loss, objective, setup.lr, seeds, place, goal, wanted, cap, best, extra, paid)
    buffers = Buffers(x_buffer, g_buffer, state_buffer, late_buffer)
    all_rows, held_out_rows = np.arange(feed.samples), np.arange(feed.held_out_samples)
    order, rows = np.arange(feed.samples), np.arange(batch if batch else feed.samples)
    row_count = rows.size
    step, point, lane_steps, off_clock = 0, 0, 0, 0
    repacked = False
    began = nanoseconds(clock)

    while live > 0:
        # Views are made only when the width changes, and in a loop around that of the steps: a
        # variable reassigned within it costs an atomic reference count a step, and nine of them as
        # much as 40 lanes of a small problem.
        x = x_buffer[: dim * lanes].reshape(dim, lanes)
        g = g_buffer[: dim * lanes].reshape(dim, lanes)
        state = state_buffer[: state_rows * lanes].reshape(state_rows, lanes)
        off_dim, tried_dim = dim if evaluated else 0, dim if counts_evaluations else 0
        unused = off_clock_g[: off_dim * lanes].reshape(off_dim, lanes)
        late = late_buffer[: delay * dim * lanes].reshape(delay * dim, lanes)
        tried = tried_buffer[: tried_dim * lanes].reshape(tried_dim, lanes)
        losses, objectives, lrs = loss[:lanes], objective[:lanes], setup.lr[:lanes]
        keys, extras = seeds[:lanes], extra[:lanes]

        while True:
            if not repacked:
                recording, last = step == grid[point], step == steps
                spent_up = counts_evaluations and _spends_all(extra, live, step, steps)
                if loss_is_objective:
                    gradient(x, g, losses, data, rows, keys, step + 1)
                elif recording or spent_up:
                    paused = nanoseconds(clock)
                    where = x if reported < 0 else state[reported : reported + dim]
                    gradient(where, unused, objectives, data, all_rows, keys, -1)
                    off_clock += nanoseconds(clock) - paused
                # off the grid only lanes at the end of their budget are looked at, whatever other
                # lanes of the block do
                seen = loss_is_objective or recording or last
                event, unsound = last or spent_up, False
                if step == 0:  # which is on every grid
                    _set_caps(cap, objective)
                if seen and not counts_evaluations:
                    event |= _observe(objective, best, wanted, cap, live)
                elif seen or spent_up:
                    event |= _observe_spending(known, live, step, steps, seen)
                if recording:
                    if measured:
                        paused = nanoseconds(clock)
                        where = x if reported < 0 else state[reported : reported + dim]
                        if loss_is_objective:
                            gradient(where, unused, unread[:lanes], data, all_rows, keys, -1)
                        _record_metric(record, 0, point, unused, place, live)
                        gradient(
                            where, unused, unread[:lanes], feed.held_out, held_out_rows, keys, -1
                        )
                        _record_metric(record, 1, point, unused, place, live)
                        off_clock += nanoseconds(clock) - paused
                    unsound = _record_lanes(record, point, x, objective, place, live)
                    event |= unsound
                    point += 1
                if not loss_is_objective and not last:
                    if batch:
                        row_count = fill_rows(rows, order, seeds[0], step + 1)
                    gradient(x, g, losses, data, rows[:row_count], keys, step + 1)
                    event |= _any_beyond(loss, cap, live)

                if event:
                    moment = Moment(step, steps, seen, unsound)
                    left = end_lanes(x, known, live, keep, moment, plan, record)
                    lane_steps += step * (live - left)
                    if left == 0:
                        live = 0
                        break
                    if left < live:
                        fewer = (left + PANEL - 1) // PANEL * PANEL
                        pack_lanes(buffers, known, keep, lanes, fewer, left, not loss_is_objective)
                        live, lanes, repacked = left, fewer, fewer < lanes
                        if repacked:  # this step's update is still to come, on the new views
                            break

            repacked = False
            if delay:
                _delay(g, late, step, dim, delay)
            update(
                x,
                g,
                losses,
                float(step + 1),
                multipliers[step],
                state,
                settings,
                lrs,
                layout,
                Evaluate(data, rows[:row_count], keys, step + 1, extras, tried, gradient),
            )
            if projected:
                project(x, g, losses, data, rows[:row_count], keys, step + 1)
            step += 1
            if counts_evaluations:
                _refund(x, tried, extra, paid, live, deterministic)

    clock[0] = nanoseconds(clock) - began - off_clock
    clock[1] = lane_steps


@jit
def _spends_all(extra, live, step, steps):
    """Whether some lane has spent its budget of evaluations."""
    found = False
    for lane in range(live):
        found |= step + extra[lane] >= steps
    return found


@jit
def _set_caps(cap, objective):
    """The loss beyond which each lane has diverged; a start without a finite loss ends there."""
    for lane in range(cap.size):
        cap[lane] = objective[lane] + RUN_AWAY * max(1.0, abs(objective[lane]))
        if not cap[lane] < np.inf:
            cap[lane] = -np.inf


@inline
def _observe(objective, best, wanted, cap, live):
    """Note the best losses; True where a lane meets its target or has diverged.

    Without a condition, so that it is vectorised.
    """
    event = False
    for lane in range(live):
        value = objective[lane]
        best[lane] = value if value < best[lane] else best[lane]
        event |= (value <= wanted[lane]) | (not (value <= cap[lane]))
    return event


@jit
def _observe_spending(lanes, live, step, steps, seen):
    """The same for rules that spend further evaluations.

    An update that ends beyond the budget shows how it ended, and no loss that counts.
    """
    event = False
    for lane in range(live):
        value, cost = lanes.objective[lane], step + lanes.extra[lane]
        if cost == steps or (seen and cost < steps):
            lanes.best[lane] = value if value < lanes.best[lane] else lanes.best[lane]
        event |= seen and (value <= lanes.wanted[lane] or not (value <= lanes.cap[lane]))
    return event


@jit
def _record_metric(record, which, point, g, place, live):
    """Keep the metric that the problem left in g[0]; which : 0 for the training rows, 1 for the
    held-out ones.
    """
    for lane in range(live):
        record.metrics[which, point, place[lane]] = g[0, lane]


@jit
def _record_lanes(record, point, x, objective, place, live):
    """Keep losses, and points where they are asked for; True where a coordinate is not finite."""
    for lane in range(live):
        record.curves[point, place[lane]] = objective[lane]
        for i in range(x.shape[0] if record.points.shape[0] else 0):
            record.points[point, i, place[lane]] = x[i, lane]
    unsound = False
    for i in range(x.shape[0]):
        for lane in range(live):
            unsound |= x[i, lane] - x[i, lane] != 0.0
    return unsound


@jit
def _any_beyond(loss, cap, live):
    """Whether the mini-batch loss of some lane says that it has diverged."""
    found = False
    for lane in range(live):
        found |= not (loss[lane] <= cap[lane])
    return found


@jit
def _delay(g, late, step, dim, delay):
    """Hand out the gradient of `delay` updates ago, and keep this one for later."""
    slot = step % delay * dim
    for i in range(dim):
        for lane in range(g.shape[1]):
            fresh = g[i, lane]
            if step == 0:
                for k in range(delay):
                    late[k * dim + i, lane] = fresh
            g[i, lane] = late[slot + i, lane]
            late[slot + i, lane] = fresh


@jit
def _refund(x, tried, extra, paid, live, deterministic):
    """Where the objective is the same at every step, the trial that became the new point is that
    point's evaluation: it is not paid twice.
    """
    for lane in range(live if deterministic else 0):
        again = extra[lane] > paid[lane]
        for i in range(x.shape[0] if again else 0):
            again = again and x[i, lane] == tried[i, lane]
        extra[lane] -= again
    for lane in range(live):
        paid[lane] = extra[lane]


@compiled_once
def loop_kernel(dtype: str) -> Callable:
    """The compiled loop for a storage dtype.

    It takes gradient, update, projection, x (n, L) and state (s, L), which it changes, and the
    four groups of groups.py.
    """
    kernel, matrix = gradient_function(dtype), array(storage(dtype), 2)
    signature = void(kernel, update_function(dtype), kernel, matrix, matrix, *group_types(dtype))
    return builtin_kernel(_run_lanes, signature)
