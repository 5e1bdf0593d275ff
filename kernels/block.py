"""One block for the compiled loop: lanes padded to whole panels on the way in, a Record on the way
out.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .groups import Feed, Plan, Record, Setup, blank_record
from .loop import loop_kernel
from .signatures import PADDING, PANEL
from .stepper import no_gradient_kernel


class Kernels(NamedTuple):
    """What is compiled of a problem and an optimizer.

    gradient, update, project : see signatures.py; project is None where x is free.
    """

    gradient: Callable
    update: Callable
    project: Callable | None = None


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


def run_lanes(
    kernels: Kernels,
    starts: np.ndarray,
    state: np.ndarray,
    feed: Feed,
    setup: Setup,
    plan: Plan,
    dtype: str = "float64",
    points: bool = False,
) -> Record:
    """Run the compiled loop over one block.

    starts : (n, L).  state : (s, L), the slots before step 1.  feed, setup : of the L lanes, their
    data in the storage dtype.  points : record the points too.
    """
    dim, lanes = starts.shape
    record = blank_record(dim, lanes, plan, measured=feed.measured, points=points)
    loop_kernel(dtype)(
        kernels.gradient,
        kernels.update,
        kernels.project or no_gradient_kernel(dtype),
        padded(starts.astype(dtype)),
        padded(state.astype(dtype)),
        feed._replace(seeds=padded_seeds(feed.seeds), projected=kernels.project is not None),
        setup._replace(lr=padded(setup.lr).copy()),
        plan,
        record,
    )
    return record
