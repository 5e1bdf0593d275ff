"""A run that diverges ends, and disturbs no other."""

import numpy as np
import optbench as ob
import pytest
from optbench.kernels.lane_ends import DIVERGED


def test_divergence_ends_a_lane_and_disturbs_no_other(run_lanes):
    """A lane whose loss runs away ends there; every other lane has the bits it has alone."""
    problem, optimizer = ob.get_problem("rosenbrock"), ob.get_optimizer("sgd")
    lrs = np.array([1e-3, 1.0, 5e-4, 10.0, 1e-3, 1e6])
    together = run_lanes(problem, optimizer, lrs, 0, 3000)
    lost = np.array([False, True, False, True, False, True])

    assert (together.statuses == DIVERGED).tolist() == lost.tolist()
    assert (together.ends[lost] < 10).all()
    assert not np.isfinite(together.final[lost]).all() or (together.final[lost] > 1e10).all()
    for lane in np.flatnonzero(~lost):
        alone = run_lanes(problem, optimizer, lrs[lane], 0, 3000)
        assert together.curves[:, lane].tobytes() == alone.curves[:, 0].tobytes()


def test_run_away_loss_is_the_stated_one(run_lanes):
    """A lane ends at the first step whose loss exceeds the initial one by 1e10 max(1,
    |initial|).
    """
    problem, optimizer = ob.get_problem("quadratic"), ob.get_optimizer("sgd")
    record = run_lanes(problem, optimizer, 3.0, 0, 1000)
    x, losses = problem.start(0), []
    for _ in range(200):
        loss, g = problem.value_and_grad(x)
        losses.append(loss)
        x = x - 3.0 * g
    expected = int(np.argmax(np.array(losses) - losses[0] > 1e10 * max(1, losses[0])))

    assert expected > 0
    assert record.ends.tolist() == [expected]
    assert record.final[0] == pytest.approx(losses[expected], rel=1e-9)


def test_a_non_finite_coordinate_ends_a_lane_even_where_the_loss_hides_it(run_lanes):
    """A coordinate that the loss doesn't see is checked at the recorded steps."""

    def blind(x, g):
        g[0], g[1] = 0.0, 1e308
        return x[0] * x[0]

    problem = ob.Problem(
        blind, np.ones(2), 0.0, 10, "test", minimum=0.0, shapes=(("x", (2,)),), family="blind"
    )
    record = run_lanes(problem, ob.get_optimizer("sgd"), 1.0, 0, 100)

    assert record.statuses.tolist() == [DIVERGED]
    assert record.ends.tolist() == [2]


def test_a_start_without_a_finite_loss_diverges_at_once(run_lanes):
    """A lane whose first loss is NaN or inf ends at step 0."""

    def pole(x, g):
        g[0] = -1 / x[0] ** 2
        return 1 / x[0]

    problem = ob.Problem(
        pole,
        np.zeros(1),
        0.0,
        10,
        "test",
        shapes=(("x", (1,)),),
        family="pole_probe",
        levels=(0.5,),
    )
    record = run_lanes(problem, ob.get_optimizer("sgd"), [0.1, 0.2], 0, 10)

    assert record.statuses.tolist() == [DIVERGED, DIVERGED]
    assert record.ends.tolist() == [0, 0]
