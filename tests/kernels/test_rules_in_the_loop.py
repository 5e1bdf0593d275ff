"""Every rule in the loop: as by hand, in any company, within its budget of evaluations, each run
guarded by itself.
"""

import numpy as np
import optbench as ob
import pytest
import scipy.optimize
from optbench.bench.sweep.sweep import recording_grid
from optbench.kernels.grammar import parse
from optbench.kernels.lane_ends import DIVERGED, SOLVED
from optbench.kernels.schedule import multipliers
from twins import by_name

RULES = [
    *by_name.names("rules"),
    "selective[muon]",
    "lookahead[sam[adam]]",
    "sam[armijo]",
    "clip_norm[shampoo]",
    "optax:muon",
    "lbfgs[memory=3]",
]


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(
    "problem", ["rosenbrock", "xor", pytest.param("digits[hidden=4]", marks=pytest.mark.slow)]
)
def test_run_equals_a_walk_bit_for_bit(name, problem, run_lanes):
    """The loop's losses and last point are, to the last bit, those of walk.step fed by
    problem.gradient.
    """
    problem, rule, steps, lr = ob.get_problem(problem), ob.get_optimizer(name), 16, 0.02
    record = run_lanes(problem, rule, [lr, 3 * lr], [5, 5], steps)
    grid = recording_grid(steps)
    for lane in range(2):
        walk = rule.configured(lr=lr * (1 + 2 * lane)).start(
            problem.start(5), problem=problem, seed=5
        )
        losses = [problem.value_and_grad(walk.reported)[0]]
        for step in range(1, record.ends[lane] + 1):
            loss, g = problem.gradient(walk.x, seed=5, step=step)
            walk.step(g, loss=loss)
            losses.append(
                problem.value_and_grad(walk.reported)[0]
                if np.isfinite(walk.reported).all()
                else np.inf
            )
        seen = grid[grid <= record.ends[lane]]

        assert record.curves[: seen.size, lane].tobytes() == np.array(losses)[seen].tobytes()
        assert record.final[lane] == losses[-1]


@pytest.mark.parametrize("dtype", ["float64", pytest.param("float32", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", RULES)
def test_a_run_has_the_same_bits_in_any_company(name, dtype, run_lanes):
    """A run computed in 1, 17 and 64 lanes, among runs of which some diverge, is the same to the
    last bit.
    """
    random, rule = np.random.default_rng(2), ob.get_optimizer(name)
    for problem in (
        ob.get_problem("rosenbrock", dim=3),
        ob.get_problem("xor"),
        ob.get_problem("logistic_regression"),
    ):
        seen = set()
        for width in (1, 17, 64):
            lrs, seeds = 10 ** random.uniform(-4, 2, width), random.integers(0, 1000, width)
            lrs[-1], seeds[-1] = 1.0, 3
            seeds = np.full(width, 3) if problem.batch else seeds
            record = run_lanes(problem, rule, lrs, seeds, 37, dtype=dtype)
            numbers = (
                record.hit_steps,
                record.curves,
                record.best,
                record.final,
                record.evaluations,
            )
            seen.add(b"".join(np.ascontiguousarray(part[..., -1]).tobytes() for part in numbers))

        assert len(seen) == 1


@pytest.mark.parametrize("problem", ["rosenbrock", "logistic_regression"])
@pytest.mark.parametrize("name", ["sam", "sam[adam]", "lookahead[sam]"])
def test_a_second_gradient_is_counted(name, problem, run_lanes):
    """Sharpness-aware minimisation spends two evaluations an update and stops when the budget is
    spent.
    """
    record = run_lanes(ob.get_problem(problem), ob.get_optimizer(name), 1e-3, 0, 41)

    assert record.ends.tolist() == [21]
    assert record.evaluations.tolist() == [42]


def test_a_schedule_covers_the_updates_that_are_made(run_lanes):
    """A rule with two evaluations an update goes through its whole schedule in half the updates."""
    problem, rule, lr = ob.get_problem("rosenbrock"), ob.get_optimizer("sam"), 1e-3
    record = run_lanes(problem, rule, lr, 0, 40, "linear")
    walk = rule.configured(lr=lr).start(problem.start(0), problem=problem)
    for scale in multipliers("linear", 20):
        walk.step(problem.value_and_grad(walk.x)[1], scale=scale)

    assert record.final[0] == problem.value_and_grad(walk.x)[0]


@pytest.mark.parametrize("name", ["armijo", "lbfgs", "lbfgs[memory=3,c2=0.1]"])
@pytest.mark.parametrize("problem", ["rosenbrock", "quadratic"])
def test_line_searches_pay_for_their_trials(name, problem, run_lanes):
    """Every evaluation counts once: the first gradient and all trials, of which the accepted one is
    the next gradient.
    """
    problem, budget = ob.get_problem(problem), 90
    family, settings = parse(name)
    record = run_lanes(problem, ob.get_optimizer(name), 1.0, 0, budget)
    x, state, spent = problem.start(0), {}, 0
    for t in range(1, int(record.ends[0]) + 1):
        calls = []

        def fun(point, calls=calls):
            calls.append(point)
            return problem.value_and_grad(point)

        loss, g = problem.value_and_grad(x)
        x = by_name.rule(family)(x, g, t, state, 1.0, fun=fun, loss=loss, **settings)
        spent += 1 + len(calls) - (bool(calls) and np.array_equal(calls[-1], x))

    assert record.evaluations[0] == spent
    assert budget <= spent < budget + 50


@pytest.mark.parametrize("stop", ["budget", "target"])
@pytest.mark.parametrize("name", ["armijo", "lbfgs", "sam", "sam[armijo]", "adam"])
def test_what_is_spent_beyond_the_budget_solves_nothing(name, stop, run_lanes):
    """A run meets the targets that the same run with a larger budget meets within its own, and ends
    as solved only by them.
    """
    problem, rule = ob.get_problem("quadratic"), ob.get_optimizer(name)
    lrs, beyond = [0.3, 0.5, 1.0, 2.0], 0
    whole = run_lanes(problem, rule, lrs, 0, 200)
    for budget in range(1, 40):
        short = run_lanes(problem, rule, lrs, 0, budget, stop=stop)
        met = (whole.hit_evaluations >= 0) & (whole.hit_evaluations <= budget)
        losses = np.where(whole.hit_evaluations >= 0, whole.hit_steps, 201) <= short.ends
        beyond += (losses & ~met).sum()

        assert short.hit_evaluations.tolist() == np.where(met, whole.hit_evaluations, -1).tolist()
        assert short.hit_steps.tolist() == np.where(met, whole.hit_steps, -1).tolist()
        assert (short.statuses == SOLVED).tolist() == met[-1].tolist()
        assert (short.best[~met[-1]] > problem.targets[-1]).all()

    assert (beyond > 0) == (name != "adam"), "no target is met beyond a budget: the test is void"


@pytest.mark.parametrize("stop", ["budget", "target"])
@pytest.mark.parametrize("name", ["armijo", "lbfgs", "lookahead[armijo,every=3]"])
def test_a_search_in_mini_batches_is_its_own(name, stop, run_lanes):
    """A line search in mini-batches is the same alone and among others that spend their budgets at
    other steps.
    """
    problem, rule, lrs = (
        ob.get_problem("logistic_regression"),
        ob.get_optimizer(name),
        10 ** np.linspace(-2, 3, 9),
    )
    together = run_lanes(problem, rule, lrs, np.full(9, 2), 300, stop=stop)
    for lane, lr in enumerate(lrs):
        alone = run_lanes(problem, rule, lr, 2, 300, stop=stop)

        assert (alone.best[0], alone.final[0]) == (together.best[lane], together.final[lane])
        assert alone.hit_steps[:, 0].tolist() == together.hit_steps[:, lane].tolist()


@pytest.mark.parametrize("wrapped", ["armijo", "lbfgs"])
def test_a_wrapper_that_moves_the_point_pays_for_its_gradient(wrapped, run_lanes):
    """Where a wrapper moves the point that a search chose, the next gradient is a new one; where it
    doesn't, it isn't.
    """
    problem, budget = ob.get_problem("rosenbrock"), 120
    bare, decayed, averaged = (
        run_lanes(problem, ob.get_optimizer(name), 1.0, 0, budget)
        for name in (wrapped, f"decay[{wrapped},weight_decay=0.0001]", f"averaged[{wrapped}]")
    )

    assert averaged.ends[0] == bare.ends[0]
    assert averaged.evaluations[0] == bare.evaluations[0]
    # decayed at every update: one evaluation more for each
    calls = evaluations_of(problem, wrapped, int(decayed.ends[0]))
    assert decayed.evaluations[0] == decayed.ends[0] + calls


def evaluations_of(problem, name, updates):
    """Calls of `fun` in so many updates of the transcription, each record by a decay of 0.0001 of
    the point.
    """
    x, state, calls = problem.start(0), {}, []

    def fun(point):
        calls.append(point)
        return problem.value_and_grad(point)

    for t in range(1, updates + 1):
        loss, g = problem.value_and_grad(x)
        x = by_name.rule(name)(x, g, t, state, 1.0, fun=fun, loss=loss) - 0.0001 * x
    return len(calls)


@pytest.mark.parametrize(
    "problem", ["rosenbrock", "rosenbrock[dim=10]", "quadratic[rotated]", "linear_regression"]
)
def test_lbfgs_finds_the_minimum_that_scipy_finds(problem, run_lanes):
    """L-BFGS ends within 1e-8 of SciPy's minimum from the same start."""
    problem = ob.get_problem(problem)
    record = run_lanes(problem, ob.get_optimizer("lbfgs"), 1.0, 3, 800)
    found = scipy.optimize.minimize(
        problem.value_and_grad, problem.start(3), jac=True, method="BFGS", options={"gtol": 1e-9}
    )

    assert abs(record.best[0] - found.fun) <= 1e-8


def test_armijo_descends_to_the_minimum(run_lanes):
    """Gradient descent with Armijo's line search never rises and ends within 1e-8 of a quadratic's
    minimum.
    """
    problem = ob.get_problem("quadratic")
    record = run_lanes(problem, ob.get_optimizer("armijo"), 1.0, 1, 5000)
    curve = record.curves[:, 0]

    assert (np.diff(curve[np.isfinite(curve)]) <= 0).all()
    assert record.best[0] <= 1e-8


def test_a_failed_factorisation_ends_its_run_alone(run_lanes):
    """A matrix rule that raises for one run ends that run as diverged; the others are as without
    it.
    """

    @ob.optimizer(per="matrix")
    def fragile_probe(x, g, lr=0.1):
        """A test's rule (2000). lr : units of x; above 1 its matrix has no Cholesky factor."""
        a = np.eye(2) * (1.0 - lr)
        factor = np.linalg.cholesky(a)
        for i in range(x.shape[0]):
            x[i, 0] -= lr * g[i, 0] * factor[0, 0]

    problem = ob.get_problem("rosenbrock")
    together = run_lanes(problem, fragile_probe, [1e-4, 2.0, 1e-3], 0, 40)
    apart = run_lanes(problem, fragile_probe, [1e-4, 1e-3], 0, 40)

    assert together.statuses[1] == DIVERGED
    assert together.curves[:, [0, 2]].tobytes() == apart.curves.tobytes()


def test_a_search_that_meets_nan_ends(run_lanes):
    """A line search on an objective that turns NaN away from the start spends its budget and hangs
    nowhere.
    """

    def cliff(x, g):
        g[0] = 1.0
        return x[0] if x[0] > 0.5 else np.nan

    problem = ob.Problem(cliff, np.ones(1), 0.0, 100, "test", minimum=0.0, family="cliff")
    for name in ("armijo", "lbfgs"):
        record = run_lanes(problem, ob.get_optimizer(name), [1.0, 1e3], 0, 60)

        assert (record.evaluations >= 60).all()
        assert (record.best > 0.5).all()
