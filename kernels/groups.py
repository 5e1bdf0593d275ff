"""What travels together into the loop and out of it, as NamedTuples that compiled code takes.

Numba reads a NamedTuple in an explicit signature, keeps it in its cache and gives the same bits.
A field that is read inside a hot loop costs about 10 % of a small step, so compiled code unpacks
what it needs before the loop. Kernels can't be members of a tuple that Python passes: they stay
arguments of their own.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numba.core.types
import numpy as np
from numba.core.types import boolean, float64, int64

from .signatures import array, storage

if TYPE_CHECKING:
    from .optimizer import Optimizer


class Kernels(NamedTuple):
    """What is compiled of a problem and an optimizer.

    gradient, update, project : see signatures.py; project is None where x is free.
    """

    gradient: Callable
    update: Callable
    project: Callable | None = None


class Feed(NamedTuple):
    """What the rule is fed: the problem's data and how its gradient is to be taken.

    data : flat, of the storage dtype.  samples, batch : rows of the data set and of a mini-batch
    (0 means all).  held_out, held_out_samples : the same of the rows kept apart.
    seeds : int64 (L,), mixed keys; with a batch they must all be equal.
    delay : updates by which the gradient is late.
    loss_is_objective : the loss that comes with each gradient is the full, noise-free objective.
    deterministic : the objective that the rule sees is the same at every step.
    measured : the problem has a metric.  projected : x is projected after each update.
    """

    data: np.ndarray
    samples: int
    batch: int
    held_out: np.ndarray
    held_out_samples: int
    seeds: np.ndarray
    delay: int
    loss_is_objective: bool
    deterministic: bool
    measured: bool
    projected: bool


class Setup(NamedTuple):
    """How the rule is set up.

    settings : (k,).  lr : (L,).  layout : int64 (tensors, 4), see signatures.update_signature.
    multipliers : (steps,), the schedule.  reported : the first row of the state that holds the
    reported point, -1 where it is x.  counts_evaluations : an update may spend further
    evaluations, so a lane ends when it has spent as many as there are multipliers.
    """

    settings: np.ndarray
    lr: np.ndarray
    layout: np.ndarray
    multipliers: np.ndarray
    reported: int
    counts_evaluations: bool


def setup_of(
    optimizer: "Optimizer",
    lr: np.ndarray,
    layout: np.ndarray,
    minimum: float | None = None,
    multipliers: np.ndarray | None = None,
) -> Setup:
    """The Setup of an optimizer at these learning rates (L,); minimum : f*, where it is known."""
    return Setup(
        settings=optimizer.setting_values(minimum),
        lr=lr,
        layout=layout,
        multipliers=np.ones(0) if multipliers is None else multipliers,
        reported=optimizer.reported_row(layout),
        counts_evaluations=optimizer.evaluations != 1,
    )


class Plan(NamedTuple):
    """What is looked for.

    grid : int64, the recorded steps, ascending, with 0 and the last.  targets : loss levels,
    descending.  stop_at_target : a lane ends at its last target.
    """

    grid: np.ndarray
    targets: np.ndarray
    stop_at_target: bool


class Record(NamedTuple):
    """What a block's lanes did. Arrays end with the lanes, in the order given.

    curves : float64 (recorded steps, L), the losses, NaN after a lane's end.
    metrics : float64 (2, recorded steps, L), on the training and on the held-out rows, NaN after a
    lane's end; (2, 0, L) for a problem without a metric.
    points : float64 (recorded steps, n, L), NaN after a lane's end; (0, n, L) where they weren't
    asked for.
    hit_steps, hit_evaluations : int64 (targets, L), -1 where a target was not met.
    ends : int64 (L,), updates done.  statuses : int64 (L,), BUDGET, SOLVED or DIVERGED.
    evaluations : int64 (L,), gradient evaluations spent.  final, best : float64 (L,), losses.
    clock : int64 (2,), nanoseconds of the loop without off-clock evaluations, and the updates of
    all lanes together.
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
    clock: np.ndarray

    @property
    def nanoseconds(self) -> int:
        """Wall time of the loop without off-clock evaluations."""
        return int(self.clock[0])

    @property
    def lane_steps(self) -> int:
        """Updates of all lanes together."""
        return int(self.clock[1])


def blank_record(dim: int, lanes: int, plan: Plan, *, measured: bool, points: bool) -> Record:
    """A Record of lanes that have done nothing: counts 0, losses NaN, no target met."""
    recorded, targets = plan.grid.size, plan.targets.size
    ends, statuses, evaluations = np.zeros((3, lanes), np.int64)
    return Record(
        curves=np.full((recorded, lanes), np.nan),
        metrics=np.full((2, recorded if measured else 0, lanes), np.nan),
        points=np.full((recorded if points else 0, dim, lanes), np.nan),
        hit_steps=np.full((targets, lanes), -1, np.int64),
        hit_evaluations=np.full((targets, lanes), -1, np.int64),
        ends=ends,
        statuses=statuses,
        evaluations=evaluations,
        final=np.full(lanes, np.nan),
        best=np.full(lanes, np.nan),
        clock=np.zeros(2, np.int64),
    )


@cache
def group_types(dtype: str) -> tuple:
    """Numba's types of Feed, Setup, Plan and Record for a storage dtype."""
    values, floats, counts = array(storage(dtype), 1), array(float64, 1), array(int64, 1)
    levels, cubes, steps = array(float64, 2), array(float64, 3), array(int64, 2)
    fields = {
        Feed: {
            "data": values,
            "samples": int64,
            "batch": int64,
            "held_out": values,
            "held_out_samples": int64,
            "seeds": counts,
            "delay": int64,
            "loss_is_objective": boolean,
            "deterministic": boolean,
            "measured": boolean,
            "projected": boolean,
        },
        Setup: {
            "settings": floats,
            "lr": floats,
            "layout": array(int64, 2),
            "multipliers": floats,
            "reported": int64,
            "counts_evaluations": boolean,
        },
        Plan: {"grid": counts, "targets": floats, "stop_at_target": boolean},
        Record: {
            "curves": levels,
            "metrics": cubes,
            "points": cubes,
            "hit_steps": steps,
            "hit_evaluations": steps,
            "ends": counts,
            "statuses": counts,
            "evaluations": counts,
            "final": floats,
            "best": floats,
            "clock": counts,
        },
    }
    return tuple(named_type(group, kinds) for group, kinds in fields.items())


def named_type(group: type, kinds: dict):
    """Numba's type of a NamedTuple whose fields have these types, by name."""
    return numba.core.types.NamedTuple(tuple(kinds[name] for name in group._fields), group)
