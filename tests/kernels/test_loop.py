"""The loop: what it feeds, records, hits and ends, held against a loop written in Python."""

import time

import numpy as np
import optbench as ob
import pytest
from optbench.bench.sweep.sweep import recording_grid
from optbench.kernels.clock import nanoseconds
from optbench.kernels.lane_ends import BUDGET, SOLVED
from optbench.kernels.schedule import multipliers
from twins import by_name

SCHEDULES = ["constant", "cosine", "step[every=10,gamma=0.5]"]


def by_hand(problem, optimizer, lr, seed, steps, schedule="constant"):
    """Losses at every step (steps + 1,), by walk.step and problem.gradient."""
    walk = optimizer.configured(lr=lr).start(problem.start(seed))
    losses = [problem.value_and_grad(walk.x)[0]]
    for step, scale in enumerate(multipliers(schedule, steps), 1):
        loss, g = problem.gradient(walk.x, seed=seed, step=step)
        walk.step(g, loss=loss, scale=scale)
        losses.append(problem.value_and_grad(walk.reported)[0])
    return np.array(losses)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(
    "name", ["rosenbrock", "xor", "quadratic[rotated]", "logistic_regression", "digits[hidden=4]"]
)
def test_run_equals_a_walk_bit_for_bit(name, schedule, run_lanes):
    """The loop's curve is, to the last bit, that of walk.step fed by problem.gradient: one kernel,
    one number.
    """
    problem, optimizer = ob.get_problem(name), ob.get_optimizer("adam")
    steps = 60
    for seed in (0, 5):
        lrs = [1e-3, 3e-2]
        record = run_lanes(problem, optimizer, lrs, [seed, seed], steps, schedule)
        for lane, lr in enumerate(lrs):
            expected = by_hand(problem, optimizer, lr, seed, steps, schedule)[recording_grid(steps)]

            assert record.curves[:, lane].tobytes() == expected.tobytes()
            assert record.final[lane] == expected[-1]


@pytest.mark.parametrize(
    "rule", ["adam", "adamw", "lion", "momentum", "nesterov", "rmsprop", "sgd"]
)
def test_run_equals_a_plain_numpy_run(rule, run_lanes):
    """100 steps on the quadratic agree with the twin rule on the twin problem's exact gradient."""
    problem = ob.get_problem("quadratic", dim=6)
    spectrum = 100.0 ** (np.arange(6) / 5 - 1)
    objective = by_name.objective("quadratic")
    lr = 0.05
    record = run_lanes(problem, ob.get_optimizer(rule), lr, 2, 100)
    x, state, losses = problem.start(2), {}, [objective(problem.start(2))]
    for t in range(1, 101):
        x = by_name.rule(rule)(x, spectrum * x, t, state, lr)
        losses.append(objective(x))

    np.testing.assert_allclose(
        record.curves[:, 0], np.array(losses)[recording_grid(100)], rtol=1e-9
    )


def test_hits_are_exact_to_the_step(run_lanes):
    """Each target's hit is the first step at which the loss is at most the target, though it isn't
    on the grid.
    """
    problem, optimizer = ob.get_problem("rosenbrock"), ob.get_optimizer("adam")
    lrs = np.array([3e-2, 1e-1, 1e-4])
    record = run_lanes(problem, optimizer, lrs, 0, 2000)
    for lane, lr in enumerate(lrs):
        losses = by_hand(problem, optimizer, lr, 0, 2000)
        expected = [
            int(np.argmax(losses <= t)) if (losses <= t).any() else -1 for t in problem.targets
        ]

        assert record.hit_steps[:, lane].tolist() == expected
        assert record.hit_evaluations[:, lane].tolist() == expected
        assert record.best[lane] == losses.min()
        assert record.statuses[lane] == (SOLVED if expected[-1] >= 0 else BUDGET)
    assert (record.hit_steps[-1, :2] > 0).all()
    assert not np.isin(record.hit_steps[-1, :2], recording_grid(2000)).all()


def test_mini_batch_hits_lie_on_the_recording_grid(run_lanes):
    """Where the objective is evaluated off the clock, hits and the best loss are those of the
    recorded steps.
    """
    problem, optimizer = ob.get_problem("logistic_regression"), ob.get_optimizer("adam")
    record = run_lanes(problem, optimizer, [1e-2, 3e-2], 1, 500)
    grid = recording_grid(500)
    for lane in range(2):
        curve = record.curves[:, lane]
        first = [
            int(grid[np.argmax(curve <= t)]) if (curve <= t).any() else -1 for t in problem.targets
        ]

        assert record.hit_steps[:, lane].tolist() == first
        assert record.best[lane] == curve.min()


def test_the_recorded_loss_is_the_full_objective(run_lanes):
    """A mini-batch problem's curve is evaluated on all rows, not on the mini-batch."""
    problem = ob.get_problem("digits", hidden=0)
    record = run_lanes(problem, ob.get_optimizer("sgd"), 0.1, 0, 3)
    x = problem.start(0)
    losses = [problem.value_and_grad(x)[0]]
    for step in (1, 2, 3):
        batch_loss, g = problem.gradient(x, seed=0, step=step)
        x = x - 0.1 * g
        losses.append(problem.value_and_grad(x)[0])

    np.testing.assert_allclose(record.curves[:, 0], losses, rtol=1e-12)
    assert abs(batch_loss - losses[2]) > 1e-3


def test_lanes_go_to_their_budget_unless_they_stop_at_the_target(run_lanes):
    """stop="budget" goes on after the last target, stop="target" ends there, and both note the same
    hits.
    """
    problem, optimizer = ob.get_problem("quadratic"), ob.get_optimizer("momentum")
    lrs = np.array([1e-4, 0.1, 0.5, 1.0])
    on, ended = (
        run_lanes(problem, optimizer, lrs, 0, 1000, stop=stop) for stop in ("budget", "target")
    )

    assert on.hit_steps.tolist() == ended.hit_steps.tolist()
    assert on.ends.tolist() == [1000] * 4
    assert ended.ends.tolist() == [1000, *on.hit_steps[-1, 1:]]
    assert ended.statuses.tolist() == [BUDGET, SOLVED, SOLVED, SOLVED]
    assert (ended.final[1:] <= problem.targets[-1]).all()
    for lane in range(4):
        recorded = recording_grid(1000) <= ended.ends[lane]
        assert ended.curves[recorded, lane].tolist() == on.curves[recorded, lane].tolist()
        assert np.isnan(ended.curves[~recorded, lane]).all()


def test_plain_and_lanes_forms_agree(run_lanes):
    """A formula over one run gives the run of the same formula over lanes."""

    def over_lanes(x, g, loss):
        for lane in range(x.shape[1]):
            loss[lane] = 0.0
        for i in range(x.shape[0]):
            for lane in range(x.shape[1]):
                g[i, lane] = 4 * x[i, lane] ** 3
                loss[lane] += x[i, lane] ** 4

    def plain(x, g):
        total = 0.0
        for i in range(x.size):
            g[i] = 4 * x[i] ** 3
            total += x[i] ** 4
        return total

    common: dict = {
        "center": np.ones(3),
        "spread": 0.5,
        "budget": 10,
        "source": "test",
        "minimum": 0.0,
        "shapes": (("x", (3,)),),
        "family": "quartic",
    }
    curves = [
        run_lanes(
            ob.Problem(formula=form, **common), ob.get_optimizer("adam"), [0.1] * 20, range(20), 50
        ).curves
        for form in (over_lanes, plain)
    ]

    assert curves[0].tobytes() == curves[1].tobytes()


def test_an_averaging_rule_is_evaluated_at_its_average(run_lanes):
    """The recorded loss is that of the reported point, while gradients are taken at x."""

    @ob.optimizer(init={"mean": "x"}, reported="mean")
    def mean_probe(x, g, t, mean, lr=0.1):
        """A test's rule (2000). lr : units of x."""
        x = x - lr * g
        return x, mean + (x - mean) / (t + 1)

    problem = ob.get_problem("quadratic")
    record = run_lanes(problem, mean_probe, 0.7, 3, 40)
    expected = by_hand(problem, mean_probe, 0.7, 3, 40)[recording_grid(40)]

    assert record.curves[:, 0].tobytes() == expected.tobytes()


def test_a_rule_may_use_the_loss(run_lanes):
    """A rule that names `loss` gets the loss at x, per lane."""

    @ob.optimizer
    def loss_probe(x, g, loss, lr=0.1):
        """A test's rule (2000). lr : units of x."""
        return x - lr * loss * g

    problem = ob.get_problem("quadratic")
    record = run_lanes(problem, loss_probe, [0.1, 0.01], [1, 2], 30)
    for lane, (lr, seed) in enumerate([(0.1, 1), (0.01, 2)]):
        x = problem.start(seed)
        for _ in range(30):
            loss, g = problem.value_and_grad(x)
            x = x - lr * loss * g

        assert record.final[lane] == pytest.approx(problem.value_and_grad(x)[0], rel=1e-12)


def test_off_clock_evaluations_are_not_timed(run_lanes):
    """The time that is reported leaves out the evaluations that only recording asks for: with what
    these are known to last, it is never more than the time that passed.
    """
    pause, steps = 10_000_000, 40

    def waiting(x, g, loss, step):
        clock = np.zeros(2, np.int64)
        begin = nanoseconds(clock)
        while step == -1 and nanoseconds(clock) < begin + pause:  # asked for the loss alone
            pass
        for lane in range(loss.size):
            g[0, lane] = x[0, lane]
            loss[lane] = 0.5 * x[0, lane] ** 2

    problem = ob.Problem(waiting, np.ones(1), 0.1, 9, "test", minimum=0.0, noisy=True)
    run_lanes(problem, ob.get_optimizer("sgd"), 0.1, 0, 1)  # compiles
    begin = time.perf_counter_ns()
    record = run_lanes(problem, ob.get_optimizer("sgd"), 0.1, 0, steps)
    passed = time.perf_counter_ns() - begin

    assert np.isfinite(record.curves[:, 0]).sum() == steps + 1
    assert record.nanoseconds + (steps + 1) * pause <= passed


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_counts_add_up(dtype, run_lanes):
    """Evaluations are the updates done, and lane-steps their sum over lanes."""
    record = run_lanes(
        ob.get_problem("rosenbrock"),
        ob.get_optimizer("sgd"),
        [1e-4, 1.0, 1e-3],
        [0, 1, 2],
        100,
        dtype=dtype,
    )

    assert record.evaluations.tolist() == record.ends.tolist()
    assert record.lane_steps == record.ends.sum()
    assert record.nanoseconds > 0
