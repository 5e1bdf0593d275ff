"""Rules that draw random numbers: from the seed, for every rule and rate the same, in any company,
in a loop by hand.
"""

from math import sqrt

import numpy as np
import optbench as ob
import pytest
from optbench.bench.check.report import OPTIMIZER_REQUIREMENTS
from optbench.bench.runs.run import run_block
from optbench.bench.sweep.sweep import Block
from optbench.kernels.random import RULE
from optbench.kernels.signatures import PANEL
from twins.philox import words


@pytest.fixture
def sgld():
    """Stochastic gradient Langevin dynamics."""

    @ob.optimizer(ranges={"temperature": "[0, inf) log"})
    def sgld_probe(x, g, normal, lr=1e-3, temperature=1e-4):
        """Welling & Teh (2011), Bayesian Learning via Stochastic Gradient Langevin Dynamics, ICML,
        eq. 4, with lr half of their step and the loss over the temperature for the negative log
        density.

        lr : units of x per unit of g.  temperature : units of the loss.
        """
        return x - lr * g + sqrt(2 * lr * temperature) * normal

    return sgld_probe


@pytest.fixture
def drawing():
    """Rules of every form whose steps are their draws; a wrapper among them."""

    @ob.optimizer
    def each_probe(x, g, normal, uniform, u, lr=1.0):
        """A test's rule (2000)."""
        return x + lr * normal, uniform

    @ob.optimizer(per="run")
    def run_probe(x, g, normal, uniform, u, lr=1.0):
        """A test's rule (2000)."""
        for i in range(x.size):
            x[i] += lr * normal[i]
            u[i] = uniform[i]

    @ob.optimizer(per="tensor")
    def tensor_probe(x, g, normal, uniform, u, lr=1.0):
        """A test's rule (2000)."""
        for i in range(x.size):
            x[i] += lr * normal[i]
            u[i] = uniform[i]

    @ob.optimizer(per="matrix", otherwise="each_probe")
    def matrix_probe(x, g, normal, uniform, u, lr=1.0):
        """A test's rule (2000)."""
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                x[i, j] += lr * normal[i, j]
                u[i, j] = uniform[i, j]

    @ob.optimizer(wraps="point", partner="each_probe")
    def wrapping_probe(y, normal, w):
        """A test's wrapper (2000)."""
        return y, normal

    return each_probe, run_probe, tensor_probe, matrix_probe, ob.get_optimizer("wrapping_probe")


def traced(problem, rule, lrs, seeds, steps, dtype="float64"):
    """The points (steps + 1, n, L) of a block's lanes."""
    block = Block(
        problem=problem,
        optimizer=rule,
        dtype=dtype,
        steps=steps,
        lrs=np.asarray(lrs, float),
        seeds=np.asarray(seeds, np.int64),
    )
    return run_block(block, np.arange(steps + 1), points=True).points


def test_langevin_dynamics_have_the_variance_of_theory(sgld):
    """On a quadratic SGLD's points end spread as its recursion says, 2 T / (l (2 - lr l)) along
    each axis about the minimum.

    With 2 000 seeds, within 4 standard errors of variance and mean; the start's share is below
    1e-9.
    """
    problem, lr, temperature, runs = (
        ob.get_problem("quadratic", dim=4, condition=10.0),
        0.5,
        0.3,
        2000,
    )
    values = 10.0 ** np.linspace(-1, 0, 4)
    rule = sgld.configured(temperature=temperature)
    ends = traced(problem, rule, np.full(runs, lr), np.arange(runs), 420)[-1]
    expected = 2 * temperature / (values * (2 - lr * values))

    assert (np.abs(ends.var(axis=1, ddof=1) / expected - 1) < 4 * sqrt(2 / (runs - 1))).all()
    assert (np.abs(ends.mean(axis=1)) < 4 * np.sqrt(expected / runs)).all()
    assert np.abs(np.corrcoef(ends) - np.eye(4)).max() < 4 / sqrt(runs)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_run_that_draws_has_the_same_bits_in_any_company(sgld, dtype):
    """Alone, and in blocks of 7, 17 and 64 lanes of other rates and seeds, a run's points are the
    same to the last bit.
    """
    problem, random, seen = ob.get_problem("rosenbrock", dim=5), np.random.default_rng(0), set()
    for width in (1, 7, 17, 64):
        lrs, seeds = 10 ** random.uniform(-5, 1, width), random.integers(0, 5, width)
        lrs[-1], seeds[-1] = 1e-3, 3
        seen.add(traced(problem, sgld, lrs, seeds, 30, dtype)[:, :, -1].tobytes())

    assert len(seen) == 1


def test_a_walk_draws_what_the_run_of_its_seed_draws(sgld):
    """walk.step with `seed` gives the run's points to the last bit, with the problem or without;
    another seed gives others.
    """
    problem = ob.get_problem("rosenbrock")
    points = traced(problem, sgld, [1e-3, 1e-3], [4, 5], 20)
    for given in ({"problem": problem}, {}):
        walk = sgld.configured(lr=1e-3).start(problem.start(4), seed=4, **given)
        for step in range(1, 21):
            walk.step(problem.gradient(walk.x, seed=4, step=step)[1])

            assert walk.x.tobytes() == points[step, :, 0].tobytes()
    assert (points[5, :, 0] - problem.start(4) != points[5, :, 1] - problem.start(5)).all()
    with pytest.raises(ValueError, match="a seed must be a whole number"):
        sgld.start(problem.start(4), seed=-1)


def test_draws_are_those_of_the_seed_the_update_and_the_coordinate(drawing):
    """Every form of rule gets, at lr 1 as at 1e-3, the numbers of (seed, update, coordinate): Box
    and Muller's of Philox's words, and the same words' stream for uniform ones; so all rules are
    paired.
    """
    shapes, seed = (("w", (3, 2)), ("b", (2,))), 7
    for step in (1, 2):
        pairs = [words(seed, RULE, step, i >> 1) for i in range(8)]
        radius = [sqrt(-2 * np.log(((a >> 11) + 1) * 2.0**-53)) for a, _ in pairs]
        angle = [2 * np.pi * (b >> 11) * 2.0**-53 for _, b in pairs]
        normal = np.array(
            [
                r * (np.sin(a) if i % 2 else np.cos(a))
                for i, (r, a) in enumerate(zip(radius, angle, strict=True))
            ]
        )
        uniform = np.array([(words(seed, RULE + 1, step, i)[0] >> 11) * 2.0**-53 for i in range(8)])
        for rule in drawing[:4]:
            for lr in (1.0, 1e-3):
                walk = rule.configured(lr=lr).start(np.zeros(8), shapes=shapes, seed=seed)
                for _ in range(step):
                    before = walk.x
                    walk.step(np.ones(8))

                np.testing.assert_allclose(
                    walk.x - before, lr * normal, rtol=1e-12, atol=1e-15, err_msg=rule.name
                )
                found = walk.slots["u"][:8]
                if "each_probe.u" in walk.slots:  # the vector went to the other rule
                    found = np.r_[found[:6], walk.slots["each_probe.u"][6:8]]
                np.testing.assert_array_equal(found, uniform, err_msg=rule.name)


def test_a_wrapper_draws_other_numbers_than_the_rule_that_it_wraps(drawing):
    """The wrapped rule draws what it draws alone, and the wrapper's numbers are none of these."""
    wrapper, alone = drawing[4].start(np.zeros(50), seed=1), drawing[0].start(np.zeros(50), seed=1)
    for _ in range(20):
        before = alone.x
        wrapper.step(np.ones(50))
        alone.step(np.ones(50))

        assert wrapper.x.tobytes() == alone.x.tobytes()
        assert (
            abs(np.corrcoef(alone.x - before, wrapper.slots["w"])[0, 1]) < 0.6
        )  # 4 standard errors


def test_draws_are_as_if_from_their_distributions(drawing):
    """Of 200 000 draws, mean, variance and the share of each tenth are within 5 standard errors;
    none repeats.
    """
    walk = drawing[0].start(np.zeros(20_000), seed=3)
    normals, uniforms = [], []
    for _ in range(10):
        before = walk.x
        walk.step(np.ones(20_000))
        normals.append(walk.x - before)
        uniforms.append(walk.slots["u"])
    normals, uniforms = np.concatenate(normals), np.concatenate(uniforms)

    assert abs(normals.mean()) < 5 / sqrt(normals.size)
    assert abs(normals.var() - 1) < 5 * sqrt(2 / normals.size)
    counts, _ = np.histogram(uniforms, bins=10, range=(0, 1))
    assert (np.abs(counts - 20_000) < 5 * sqrt(20_000 * 0.9)).all()
    assert np.unique(uniforms).size == uniforms.size


@pytest.mark.parametrize(
    "requirement", [r for r in OPTIMIZER_REQUIREMENTS if r.__name__ != "stays_in_bounds"]
)
def test_a_rule_that_draws_conforms(sgld, requirement):
    """`optbench check` holds it to what every rule is held to."""
    assert isinstance(requirement(sgld), str)  # the detail; what isn't met raises


def test_an_evaluating_rule_may_draw(run_lanes):
    """Beside `fun`, which sees the run's own mini-batch: a random direction, and back where the
    loss isn't lower.
    """

    @ob.optimizer(per="run")
    def searching_probe(x, g, normal, loss, fun, lr=0.1):
        """Rastrigin (1963), random search: a step is kept if the loss falls."""
        trial, slope = x + lr * normal, g.copy()
        if fun(trial, slope) < loss:
            for i in range(x.size):
                x[i] = trial[i]

    problem = ob.get_problem("rosenbrock")
    curves = run_lanes(
        problem, searching_probe, [0.1] * (PANEL + 1), list(range(PANEL + 1)), 400
    ).curves

    assert (curves[0] > 2 * np.nanmin(curves, axis=0)).all()
    assert all((np.diff(curve[np.isfinite(curve)]) <= 0).all() for curve in curves.T)
