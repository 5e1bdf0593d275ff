"""One block for the compiled loop: lanes padded to whole panels on the way in, named arrays on the
way out.
"""

from dataclasses import dataclass

import numpy as np

from .loop import loop_kernel
from .signatures import PADDING, PANEL
from .stepper import no_gradient_kernel


@dataclass(frozen=True)
class Followed:
    """What a block's lanes did; arrays end with the lanes, in the order given.

    curves : float64 (recorded steps, L), NaN after a lane's end.
    metrics : float64 (2, recorded steps, L), on the training and on the held-out rows, likewise, or
    (2, 0, L) without.
    points : float64 (recorded steps, n, L), likewise, or (0, n, L) where they weren't asked for.
    hit_steps, hit_evaluations : int64 (targets, L),
    -1 where a target was not met.  ends : updates done.  statuses : BUDGET, SOLVED or DIVERGED.
    evaluations : gradient evaluations spent.  final, best : losses.  nanoseconds : wall time of the
    loop without off-clock evaluations.  lane_steps : updates of all lanes together.
    """

    curves: np.ndarray
    metrics: np.ndarray
    points: np.ndarray
    hit_steps: np.ndarray
    hit_evaluations: np.ndarray
    ends: np.ndarray
    statuses: np.ndarray
    evaluations: np.ndarray
    final: np.ndarray
    best: np.ndarray
    nanoseconds: int
    lane_steps: int


def padded(columns: np.ndarray) -> np.ndarray:
    """The last axis filled up to whole panels by repeating its last entry; C-contiguous."""
    missing = -columns.shape[-1] % PANEL
    width = [(0, 0)] * (columns.ndim - 1) + [(0, missing)]
    return np.ascontiguousarray(np.pad(columns, width, mode="edge") if missing else columns)


def padded_seeds(seeds: np.ndarray) -> np.ndarray:
    """Seeds filled up to whole panels by PADDING: int64, a copy."""
    return np.concatenate([seeds, np.full(-seeds.size % PANEL, PADDING)])


def tensor_layout(shapes) -> np.ndarray:
    """int64 (tensors, 4): first coordinate, rows, columns, rank of every parameter tensor; vectors
    are one column.
    """
    rows, first = [], 0
    for _, shape in shapes:
        size = int(np.prod(shape))
        rows.append((first, *((shape[0], size // shape[0]) if shape else (1, 1)), len(shape)))
        first += size
    return np.array(rows, np.int64)


def follow(
    gradient,
    update,
    starts,
    state,
    *,
    data,
    seeds,
    samples,
    batch,
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
    dtype,
    held_out=None,
    held_out_samples=0,
    project=None,
    delay=0,
    trace=False,
) -> Followed:
    """Run the compiled loop over one block.

    gradient, update : compiled kernels.  starts : (n, L).  state : (s, L), the slots before step 1.
    data : flat, of the storage dtype.  seeds : int64 (L,), mixed keys; with a batch they must all
    be equal.
    samples, batch : rows of the data set, and of a mini-batch (0: all).  exact : the gradient's
    loss is the objective.
    rationed : updates may spend further evaluations, so a lane ends when it has spent as many as
    there are multipliers.
    fixed : the objective is the same at every step.
    settings : (k,).  lr : (L,).  multipliers : (steps,).  reported : a row of state, or -1.
    grid : recorded steps, ascending, with 0 and the last.  targets : loss levels, descending.
    held_out, held_out_samples : like data and samples, for a problem with a metric.  project :
    compiled, or None.
    delay : updates by which the gradient that a rule is fed is late.  trace : record the points
    too.
    """
    lane_count = starts.shape[1]
    curves = np.full((grid.size, lane_count), np.nan)
    metrics = np.full((2, 0 if held_out is None else grid.size, lane_count), np.nan)
    points = np.full((grid.size if trace else 0, *starts.shape), np.nan)
    hits = np.full((2, targets.size, lane_count), -1, np.int64)
    ends, statuses, spent = np.zeros((3, lane_count), np.int64)
    summary = np.empty((2, lane_count))
    clock = np.zeros(2, np.int64)
    loop_kernel(dtype)(
        gradient,
        update,
        project or no_gradient_kernel(dtype),
        padded(starts.astype(dtype)).ravel(),
        padded(state.astype(dtype)).ravel(),
        starts.shape[0],
        lane_count,
        data,
        padded_seeds(seeds),
        samples,
        batch,
        np.zeros(0, dtype) if held_out is None else held_out,
        held_out_samples,
        held_out is not None,
        project is not None,
        delay,
        exact,
        rationed,
        fixed,
        settings,
        padded(lr).copy(),
        layout,
        multipliers,
        reported,
        grid,
        targets,
        stop_at_target,
        curves,
        metrics,
        points,
        hits[0],
        hits[1],
        ends,
        statuses,
        spent,
        summary,
        clock,
    )
    final, best = summary
    return Followed(
        curves,
        metrics,
        points,
        hits[0],
        hits[1],
        ends,
        statuses,
        spent,
        final,
        best,
        nanoseconds=int(clock[0]),
        lane_steps=int(clock[1]),
    )
