"""The recorded steps of a run depend on its length alone, dense early and even late."""

import numpy as np
import optbench as ob
from hypothesis import given
from hypothesis import strategies as st
from optbench.bench.sweep.sweep import recording_grid

STEPS = st.integers(1, 10_000_000)


@given(STEPS)
def test_grid_has_the_start_and_the_end(steps):
    """The recorded steps begin with 0 and end with the last."""
    grid = recording_grid(steps)

    assert (grid[0], grid[-1]) == (0, steps)


@given(STEPS)
def test_grid_ascends_without_repeats(steps):
    """The recorded steps are whole numbers, each greater than the one before."""
    grid = recording_grid(steps)

    assert grid.dtype == np.int64
    assert (np.diff(grid) > 0).all()


@given(st.integers(300, 10_000_000))
def test_grid_has_about_a_hundred_steps(steps):
    """Long runs are recorded at about a hundred steps."""
    assert 80 <= recording_grid(steps).size <= 120


@given(st.integers(1, 20))
def test_short_runs_are_recorded_at_every_step(steps):
    """A run of few steps is recorded at each of them."""
    assert recording_grid(steps).tolist() == list(range(steps + 1))


@given(STEPS)
def test_grid_is_dense_early_and_even_late(steps):
    """No two recorded steps are further apart than a fiftieth of the run, nor, early on, than a
    third of the step.
    """
    grid = recording_grid(steps)
    gaps, begins = np.diff(grid), grid[:-1]
    evenly, logarithmically = np.ceil(steps / 50) + 1, np.maximum(1.0, begins / 3 + 1)

    assert (gaps <= np.minimum(evenly, logarithmically)).all()


def test_grid_depends_on_steps_alone():
    """Curves of any problem, optimizer, schedule, stop, dtype and seed are recorded at the same
    steps.
    """
    results = [
        ob.run(["quadratic", "rosenbrock"], ["sgd", "adam"], lrs=[1e-4], seeds=2, steps=90),
        ob.run(
            ["quadratic"],
            ["lion"],
            lrs=[1e-4],
            seeds=[7],
            steps=90,
            schedule="cosine",
            stop="target",
            dtype="float32",
        ),
        ob.run(["logistic_regression"], ["sgd"], lrs=[1e-4], seeds=1, steps=90),
    ]
    keys = ["problem", "optimizer", "seed"]
    steps = [
        own["step"].tolist() for r in results for _, own in r.curves.groupby(keys, observed=True)
    ]

    assert len(steps) == 10
    assert all(own == steps[0] for own in steps)
