"""THE loop: gradient -> record -> stop? -> update, over the lanes of one block.

It compiles once per storage dtype and takes the problem's and the optimizer's kernels as
first-class functions.
"""

from collections.abc import Callable

import numpy as np
from numba import boolean, float64, int64, void

from .clock import nanoseconds
from .jit import builtin_kernel, compiled_once, inline
from .random import fill_rows
from .signatures import PADDING, PANEL, array, gradient_function, storage, update_function

BUDGET, SOLVED, DIVERGED = 0, 1, 2
"""How a lane ended."""

RUN_AWAY = 1e10
"""A lane has diverged when its loss exceeds the initial loss by this times max(1, |initial
loss|).
"""


@inline
def _pack(buffer, rows, old, new, keep, live):
    """Move the columns `keep[:live]` of the (rows, old) matrix in `buffer` to the front of a (rows,
    new) one, in place.

    Padding columns repeat the last live one, so that they compute ordinary numbers.
    """
    for i in range(rows):
        for j in range(live):
            buffer[i * new + j] = buffer[i * old + keep[j]]
        for j in range(live, new):
            buffer[i * new + j] = buffer[i * new + live - 1]


@inline
def _pack_lanes(buffer, new, keep, live):
    _pack(buffer, 1, buffer.size, new, keep, live)


def _follow(
    gradient,
    update,
    project,
    x_buffer,
    state_buffer,
    dim,
    lane_count,
    data,
    seeds,
    samples,
    batch,
    held_out,
    held_out_samples,
    measured,
    projected,
    delay,
    exact,
    rationed,
    fixed,
    settings,
    lr,
    layout,
    multipliers,
    reported,
    grid,
    targets,
    stop_at_target,
    curves,
    metrics,
    points,
    hit_steps,
    hit_evaluations,
    ends,
    statuses,
    spent,
    summary,
    clock,
):
    lanes = lr.size
    live = lane_count
    state_rows = state_buffer.size // lanes
    steps = multipliers.size
    g_buffer = np.zeros(dim * lanes, x_buffer.dtype)
    evaluated = measured or not exact
    off_clock_g = np.zeros(dim * lanes if evaluated else 0, x_buffer.dtype)
    # the gradients of the last `delay` updates, one below the other, each in the place of the one
    # it follows on
    late_buffer = np.zeros(delay * dim * lanes, x_buffer.dtype)
    loss = np.zeros(lanes)
    objective = loss if exact else np.zeros(lanes)
    unread = np.zeros(lanes if measured else 0)
    lane_of = np.arange(lanes)
    keep = np.zeros(lanes, np.int64)
    goal = np.zeros(lanes, np.int64)
    wanted = np.full(lanes, targets[0] if targets.size else -np.inf)
    cap = np.full(lanes, np.inf)
    best = np.full(lanes, np.inf)
    evaluations = np.zeros(lanes, np.int64)
    paid = np.zeros(lanes if rationed else 0, np.int64)
    tried_buffer = np.zeros(dim * lanes if rationed else 0, x_buffer.dtype)
    all_rows, held_out_rows = np.arange(samples), np.arange(held_out_samples)
    order = np.arange(samples)
    rows = np.arange(batch if batch else samples)
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
        unused = off_clock_g[: dim * lanes if evaluated else 0].reshape(
            dim if evaluated else 0, lanes
        )
        late = late_buffer[: delay * dim * lanes].reshape(delay * dim, lanes)
        losses, objectives, rates = loss[:lanes], objective[:lanes], lr[:lanes]
        keys, extra = seeds[:lanes], evaluations[:lanes]
        tried = tried_buffer[: dim * lanes if rationed else 0].reshape(
            dim if rationed else 0, lanes
        )

        while True:
            if not repacked:
                recording = step == grid[point]
                spent_up = False
                if rationed:
                    for lane in range(live):
                        spent_up |= step + evaluations[lane] >= steps
                if exact:
                    gradient(x, g, losses, data, rows, keys, step + 1)
                elif recording or spent_up:
                    paused = nanoseconds(clock)
                    where = x if reported < 0 else state[reported : reported + dim]
                    gradient(where, unused, objectives, data, all_rows, keys, -1)
                    off_clock += nanoseconds(clock) - paused
                # off the grid only lanes at the end of their budget are looked at: what a run shows
                # is its own
                all_seen = exact or recording or step == steps
                event, unsound = step == steps or spent_up, False
                if step == 0:  # which is on every grid
                    for lane in range(lanes):
                        cap[lane] = objective[lane] + RUN_AWAY * max(1.0, abs(objective[lane]))
                        if not cap[lane] < np.inf:
                            cap[lane] = -np.inf  # a start without a finite loss ends there
                if (
                    all_seen and not rationed
                ):  # a loop of its own, without a condition, is vectorised
                    for lane in range(live):
                        value = objective[lane]
                        best[lane] = value if value < best[lane] else best[lane]
                        event |= (value <= wanted[lane]) | (not (value <= cap[lane]))
                elif all_seen or spent_up:
                    for lane in range(live):
                        value, cost = objective[lane], step + evaluations[lane]
                        # an update that ends beyond the budget shows how it ended, and no loss that
                        # counts
                        if cost == steps or (all_seen and cost < steps):
                            best[lane] = value if value < best[lane] else best[lane]
                        event |= all_seen and (value <= wanted[lane] or not (value <= cap[lane]))
                if recording and measured:
                    paused = nanoseconds(clock)
                    where = x if reported < 0 else state[reported : reported + dim]
                    if exact:
                        gradient(where, unused, unread[:lanes], data, all_rows, keys, -1)
                    for lane in range(live):
                        metrics[0, point, lane_of[lane]] = unused[0, lane]
                    gradient(where, unused, unread[:lanes], held_out, held_out_rows, keys, -1)
                    for lane in range(live):
                        metrics[1, point, lane_of[lane]] = unused[0, lane]
                    off_clock += nanoseconds(clock) - paused
                if recording:
                    for lane in range(live):
                        curves[point, lane_of[lane]] = objective[lane]
                        for i in range(dim if points.shape[0] else 0):
                            points[point, i, lane_of[lane]] = x[i, lane]
                    for i in range(dim):
                        for lane in range(live):
                            unsound |= x[i, lane] - x[i, lane] != 0.0
                    event |= unsound
                    point += 1
                if not exact and step < steps:
                    if batch:
                        row_count = fill_rows(rows, order, seeds[0], step + 1)
                    gradient(x, g, losses, data, rows[:row_count], keys, step + 1)
                    for lane in range(live):
                        event |= not (loss[lane] <= cap[lane])

                if event:
                    left = 0
                    for lane in range(live):
                        own = lane_of[lane]
                        value = objective[lane]
                        going = step + evaluations[lane] < steps
                        seen = all_seen or not going
                        finite = loss[lane] <= cap[lane] and (value <= cap[lane] or not seen)
                        if finite and not unsound and going and (not seen or value > wanted[lane]):
                            keep[left] = lane
                            left += 1
                            continue
                        if seen and step + evaluations[lane] <= steps:
                            while goal[lane] < targets.size and value <= targets[goal[lane]]:
                                hit_steps[goal[lane], own] = step
                                hit_evaluations[goal[lane], own] = step + evaluations[lane]
                                goal[lane] += 1
                            wanted[lane] = (
                                targets[goal[lane]] if goal[lane] < targets.size else -np.inf
                            )
                        if unsound:
                            for i in range(dim):
                                finite = finite and x[i, lane] - x[i, lane] == 0.0
                        reached = targets.size > 0 and goal[lane] == targets.size
                        if finite and going and not (stop_at_target and reached):
                            keep[left] = lane
                            left += 1
                            continue
                        statuses[own] = SOLVED if reached else (BUDGET if finite else DIVERGED)
                        ends[own] = step
                        spent[own] = step + evaluations[lane]
                        # a lane that left between two evaluations of its objective has no finite
                        # last loss
                        summary[0, own] = value if seen else np.inf
                        summary[1, own] = best[lane]
                    if left == 0:
                        lane_steps += step * live
                        live = 0
                        break
                    if left < live:
                        lane_steps += step * (live - left)
                        # ended lanes cost nothing more, and none of their numbers stays beside the
                        # others
                        fewer = (left + PANEL - 1) // PANEL * PANEL
                        _pack(x_buffer, dim, lanes, fewer, keep, left)
                        _pack(g_buffer, dim, lanes, fewer, keep, left)
                        _pack(state_buffer, state_rows, lanes, fewer, keep, left)
                        for buffer in (loss, lr, wanted, cap, best):
                            _pack_lanes(buffer, fewer, keep, left)
                        _pack(late_buffer, delay * dim, lanes, fewer, keep, left)
                        if not exact:
                            _pack_lanes(objective, fewer, keep, left)
                        if rationed:
                            _pack_lanes(paid, fewer, keep, left)
                        for counts in (lane_of, goal, evaluations, seeds):
                            _pack_lanes(counts, fewer, keep, left)
                        for lane in range(left, fewer):
                            seeds[lane] = PADDING
                        live, lanes, repacked = left, fewer, fewer < lanes
                        if repacked:  # this step's update is still to come, on the new views
                            break

            repacked = False
            if delay:
                slot = step % delay * dim
                for i in range(dim):
                    for lane in range(lanes):
                        fresh = g[i, lane]
                        if step == 0:
                            for k in range(delay):
                                late[k * dim + i, lane] = fresh
                        g[i, lane] = late[slot + i, lane]
                        late[slot + i, lane] = fresh
            update(
                x,
                g,
                losses,
                float(step + 1),
                multipliers[step],
                state,
                settings,
                rates,
                layout,
                (data, rows[:row_count], keys, step + 1, extra, tried, gradient),
            )
            if projected:
                project(x, g, losses, data, rows[:row_count], keys, step + 1)
            step += 1
            if rationed:
                # where the objective is the same at every step, the trial that became the new point
                # is its evaluation
                for lane in range(live if fixed else 0):
                    again = extra[lane] > paid[lane]
                    for i in range(dim if again else 0):
                        again = again and x[i, lane] == tried[i, lane]
                    extra[lane] -= again
                for lane in range(live):
                    paid[lane] = extra[lane]

    clock[0] = nanoseconds(clock) - began - off_clock
    clock[1] = lane_steps


@compiled_once
def loop_kernel(dtype: str) -> Callable:
    """The compiled loop for a storage dtype."""
    kind = storage(dtype)
    vector, floats, counts = array(kind, 1), array(float64, 1), array(int64, 1)
    signature = void(
        gradient_function(dtype),
        update_function(dtype),
        gradient_function(dtype),
        vector,
        vector,
        int64,
        int64,
        vector,
        counts,
        int64,
        int64,
        vector,
        int64,
        boolean,
        boolean,
        int64,
        boolean,
        boolean,
        boolean,
        floats,
        floats,
        array(int64, 2),
        floats,
        int64,
        counts,
        floats,
        boolean,
        array(float64, 2),
        array(float64, 3),
        array(float64, 3),
        array(int64, 2),
        array(int64, 2),
        counts,
        counts,
        counts,
        array(float64, 2),
        counts,
    )
    return builtin_kernel(_follow, signature)
