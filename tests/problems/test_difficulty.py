"""A problem that standing still or stumbling about solves is no problem; every one is solved by
some optimizer.
"""

import optbench as ob
import pytest
from optbench.bench.sweep.suites import default_problems

NAMES = [problem.name for problem in default_problems()]
SHORT = {"digits": 300, "digits[hidden=0]": 300}


@pytest.mark.parametrize("name", NAMES)
def test_doing_nothing_solves_nothing(name):
    """An optimizer that never moves meets no target from any seed, save those that its start
    happens to meet.
    """

    @ob.optimizer
    def standing_still(x, g, lr=1.0):
        """A test's rule (2000). lr : nothing."""
        return x + 0.0 * lr * g

    results = ob.run([name], [standing_still], lrs=[1.0], seeds=8, steps=20)

    assert (results.runs["status"] == "budget").all()
    assert results.hits["step"].isin([0]).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("direction", ["random", "uphill", "inwards"])
def test_stumbling_solves_nothing(name, direction):
    """A pseudo-random walk, a gradient followed uphill, or going to the origin meets no last target
    at any step size.
    """

    @ob.optimizer
    def random(x, g, t, lr=1.0):
        """A test's rule (2000): a step of a direction that depends on x and t chaotically. lr :
        units of x.
        """
        noise = 1e4 * (x + 0.123) * (t + 0.777)
        return x + lr * (
            noise - 2.0 * int(noise / 2.0) - 1.0
            if noise > 0
            else 1.0 + noise - 2.0 * int(noise / 2.0)
        )

    @ob.optimizer
    def uphill(x, g, lr=1.0):
        """A test's rule (2000). lr : units of x per unit of g."""
        return x + lr * g

    @ob.optimizer
    def inwards(x, g, lr=1.0):
        """A test's rule (2000). lr : share of x."""
        return x - min(lr, 1.0) * x

    rule = {"random": random, "uphill": uphill, "inwards": inwards}[direction]
    results = ob.run([name], [rule], lrs=[1e-3, 1e-2, 1e-1, 1.0], seeds=3, steps=SHORT.get(name))

    assert not (results.runs["status"] == "solved").any()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_problem_is_solved_by_some_and_not_by_all(name):
    """In its budget at least one (optimizer, lr) solves it from most seeds, and at least one from
    none.
    """
    runs = ob.run([name], seeds=5).runs
    shares = (
        (runs["status"] == "solved").groupby([runs["optimizer"], runs["lr"]], observed=True).mean()
    )

    assert shares.max() > 0.5
    assert shares.min() == 0
