"""How a problem's kernel is fed: in the loop, and when it is called alone."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..kernels.blas import one_thread
from ..kernels.groups import Feed
from ..kernels.padding import padded, padded_seeds

if TYPE_CHECKING:
    from .problem import Problem


def feed_of(problem: "Problem", seeds: Sequence[int] | np.ndarray, dtype: str) -> Feed:
    """What the loop feeds a rule on lanes of these seeds."""
    rows, measured = problem.data_set, bool(problem.data_set.metric)
    return Feed(
        data=problem.data_as(dtype),
        samples=rows.samples,
        batch=rows.batch,
        held_out=problem.data_as(dtype, held_out=True) if measured else np.zeros(0, dtype),
        held_out_samples=rows.held_out_samples,
        seeds=problem.keys(seeds),
        delay=problem.delay,
        loss_is_objective=problem.deterministic,
        deterministic=problem.deterministic,
        measured=measured,
        projected=problem.project is not None,
    )


def call(
    kernel: Callable[..., Any],
    points: npt.ArrayLike,
    data: np.ndarray,
    rows: np.ndarray,
    keys: np.ndarray,
    step: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Call a gradient kernel on points (n, L), padded as in the loop: loss (L,) and g (n, L)."""
    lanes = padded(np.asarray(points, np.float64))
    g, loss = np.zeros_like(lanes), np.zeros(lanes.shape[1])
    with one_thread(rows.size > 0):
        kernel(lanes, g, loss, data, rows, padded_seeds(keys), step)
    return loss[: keys.size], g[:, : keys.size]
