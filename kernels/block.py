"""One block for the compiled loop: lanes padded to whole panels on the way in, a Record on the way
out.
"""

import numpy as np

from .groups import Feed, Kernels, Plan, Record, Setup, blank_record
from .loop import loop_kernel
from .no_problem import no_gradient_kernel
from .padding import padded, padded_seeds


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
