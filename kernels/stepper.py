"""The same kernels as in the loop, one update at a time: for gradients that come from outside."""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import float64, int64, void
from numba.core.dispatcher import Dispatcher

from .groups import Feed, Kernels, Setup, group_types, named_type
from .jit import builtin_kernel, compiled_once, jit
from .no_problem import no_gradient_kernel
from .padding import padded, padded_seeds
from .pointers import addresses, gradient_at, update_at
from .random import fill_rows
from .signatures import Evaluate, array, storage


class Course(NamedTuple):
    """What some updates are made of, and where they lead; T updates of L lanes.

    gradients : (T, n, L).  losses : float64 (T, L), at x, for rules that use them.
    scales : float64 (T,), multipliers of lr.  points : (T, n, L), filled with x after each update.
    order : int64 (rows,), the order of the data set's rows in this epoch.  extra : int64 (L,),
    evaluations beyond one an update.  t : updates done before.
    """

    gradients: np.ndarray
    losses: np.ndarray
    scales: np.ndarray
    points: np.ndarray
    order: np.ndarray
    extra: np.ndarray
    t: int


class Stepper:
    """Lanes of one rule, stepped by the caller: the loop's kernels, so the loop's numbers.

    x : (n, L), the points.  state : (s, L), the slots.  t : updates done.
    """

    def __init__(
        self,
        kernels: Kernels,
        x: np.ndarray,
        state: np.ndarray,
        feed: Feed,
        setup: Setup,
        dtype: str = "float64",
    ):
        """x : (n, L), the start.  state : (s, L), the slots before step 1.  feed, setup : of the L
        lanes. setup.multipliers isn't used: a step has its own scale.
        """
        self.dtype, self.t, self.kernels, self._lanes = dtype, 0, kernels, x.shape[1]
        self._x, self._state = padded(x.astype(dtype)), padded(state.astype(dtype))
        self._feed = feed._replace(
            seeds=padded_seeds(feed.seeds), projected=kernels.project is not None
        )
        self._setup = setup._replace(lr=padded(np.asarray(setup.lr, np.float64)).copy())
        self._order = np.arange(feed.samples)
        self._extra = np.zeros(self._x.shape[1], np.int64)

    @property
    def x(self) -> np.ndarray:
        """The points, (n, L); what is written here is where the next update begins."""
        return self._x[:, : self._lanes]

    @property
    def state(self) -> np.ndarray:
        """The slots, (s, L)."""
        return self._state[:, : self._lanes]

    @property
    def multiplies(self) -> bool:
        """Whether the gradient may call BLAS: on data."""
        return self._feed.samples > 0

    def step(self, g: np.ndarray, loss: np.ndarray | float = np.nan, scale: float = 1.0) -> None:
        """One update. g : (n, L), gradients at x.  loss : (L,) or a number, for rules that use it.
        scale : multiplies lr.
        """
        lanes = self._lanes
        losses = np.full((1, lanes), loss)
        self._advance(g[None], losses, np.array([scale]), np.empty((1, *g.shape), self.dtype))

    def steps(
        self,
        gradients: np.ndarray,
        losses: np.ndarray | None = None,
        scales: np.ndarray | None = None,
    ) -> np.ndarray:
        """Many updates in one compiled call: the points after each, (T, n, L).

        gradients : (T, n, L).  losses : (T, L), NaN unless given.  scales : (T,), 1 unless given.
        """
        count = len(gradients)
        points = np.empty(gradients.shape, self.dtype)
        losses = np.full((count, self._lanes), np.nan) if losses is None else losses
        scales = np.ones(count) if scales is None else scales
        self._advance(gradients, losses, scales, points)
        return points

    def _advance(self, gradients, losses, scales, points) -> None:
        course = Course(
            np.ascontiguousarray(gradients, self.dtype),
            np.ascontiguousarray(losses, np.float64),
            np.ascontiguousarray(scales, np.float64),
            points,
            self._order,
            self._extra,
            self.t,
        )
        run, kernels = self._entry
        run(*kernels, self._x, self._state, self._feed, self._setup, course)
        self.t += len(points)

    @cached_property
    def _entry(self) -> tuple[Callable, tuple]:
        """What is called, and the kernels as it takes them; found once, for each look-up takes
        longer than an update.
        """
        gradient, update, project = self.kernels
        used = gradient, update, project or no_gradient_kernel(self.dtype)
        if not isinstance(update, Dispatcher):  # NUMBA_DISABLE_JIT: plain functions
            return _advance, used
        pointers = np.array([addresses(kernel) for kernel in used], np.int64)
        # one signature, and every argument made here: the dispatcher's look at each type would
        # take longer than the update itself
        (compiled,) = stepping_kernel(self.dtype).overloads.values()
        return compiled.entry_point, (pointers,)

    def __getstate__(self) -> dict:
        # kernels belong to a process; whoever loads this gives it new ones
        kept = {name: value for name, value in vars(self).items() if name != "_entry"}
        return {**kept, "kernels": None}


@jit
def _advance(gradient, update, project, x, state, feed, setup, course):
    given, points, order, extra = course.gradients, course.points, course.order, course.extra
    t = course.t
    count, dim, lanes = given.shape
    g, loss, tried = np.empty_like(x), np.empty(x.shape[1]), np.empty_like(x)
    batch = feed.batch
    rows = np.arange(batch if batch else feed.samples)
    row_count = rows.size
    for k in range(count):
        t += 1
        for i in range(dim):
            for lane in range(x.shape[1]):
                g[i, lane] = given[k, i, min(lane, lanes - 1)]
        for lane in range(x.shape[1]):
            loss[lane] = course.losses[k, min(lane, lanes - 1)]
        if batch:
            row_count = fill_rows(rows, order, feed.seeds[0], t)
        seen = rows[:row_count]
        update(
            x,
            g,
            loss,
            float(t),
            course.scales[k],
            state,
            setup.settings,
            setup.lr,
            setup.layout,
            Evaluate(feed.data, seen, feed.seeds, t, extra, tried, gradient),
        )
        if feed.projected:
            project(x, g, loss, feed.data, seen, feed.seeds, t)
        for i in range(dim):
            for lane in range(lanes):
                points[k, i, lane] = x[i, lane]


def _enter(pointers, x, state, feed, setup, course):
    gradient = gradient_at(pointers[0, 0], pointers[0, 1], x)
    update = update_at(pointers[1, 0], pointers[1, 1], x)
    project = gradient_at(pointers[2, 0], pointers[2, 1], x)
    _advance(gradient, update, project, x, state, feed, setup, course)


@compiled_once
def stepping_kernel(dtype: str) -> Callable:
    """The compiled updates for a storage dtype."""
    kind, counts = storage(dtype), array(int64, 1)
    matrix, cube = array(kind, 2), array(kind, 3)
    feed, setup, *_ = group_types(dtype)
    course = named_type(
        Course,
        {
            "gradients": cube,
            "losses": array(float64, 2),
            "scales": array(float64, 1),
            "points": cube,
            "order": counts,
            "extra": counts,
            "t": int64,
        },
    )
    signature = void(array(int64, 2), matrix, matrix, feed, setup, course)
    return builtin_kernel(_enter, signature)
