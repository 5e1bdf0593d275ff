"""Small sweeps that tests run and store, and what they ask of their frames."""

import numpy as np
import pandas as pd
from optbench.bench.runs import run as running
from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan

STEPS = 100


LRS = {"budget": 1e-3, "solved": 1.0, "diverged": 1e3}
"""How sgd ends on the well-conditioned bowl at a learning rate."""


BOWL = "quadratic[condition=10.0]"


ASKED = {
    "problems": ["quadratic", "rosenbrock"],
    "optimizers": ["sgd", "adam"],
    "lrs": [0.01, 0.1],
    "seeds": 3,
    "steps": 50,
}


def execute(store, **changed):
    """Execute the sweep ASKED, with some of it changed -> the outcome."""
    return running.execute(plan(Request(**{**ASKED, **changed})), store=store)


def row_of(runs, **key):
    (row,) = runs[
        np.logical_and.reduce([runs[column] == value for column, value in key.items()])
    ].to_dict("records")
    return row


def same(left, right, columns=None):
    """Whether two frames hold the same bits; `ns_per_step` too, so that a run computed anew is
    seen.
    """
    columns = list(columns if columns is not None else left.columns)
    plain = [frame[columns].reset_index(drop=True) for frame in (left, right)]
    words = {c: str for c in columns if isinstance(left[c].dtype, pd.CategoricalDtype)}
    pd.testing.assert_frame_equal(*(frame.astype(words) for frame in plain), check_exact=True)
    return True
