"""The problem is what its source says, and can be solved."""

import numpy as np
import optbench as ob
import pytest


def test_the_published_start():
    """Seed 0 starts at (-1.2, 1), where the function is 749.0384."""
    problem = ob.get_problem("leon")

    assert problem.start(0).tolist() == [-1.2, 1.0]
    assert problem.value_and_grad(problem.start(0))[0] == pytest.approx(749.0384, rel=1e-12)


def test_the_minimizer():
    """At (1, 1) the function is its minimum, 0, and the gradient vanishes."""
    problem = ob.get_problem("leon")
    loss, gradient = problem.value_and_grad([1.0, 1.0])

    assert problem.minimizers.tolist() == [[1.0, 1.0]]
    assert loss == problem.minimum == 0.0
    assert gradient.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("seed", range(4))
def test_the_gradient_is_that_of_the_loss(seed):
    """The gradient written by hand agrees with central differences."""
    problem, width = ob.get_problem("leon"), 1e-6
    x = problem.start(seed)
    steps = width * np.eye(problem.dim)
    differences = [
        problem.value_and_grad(x + h)[0] - problem.value_and_grad(x - h)[0] for h in steps
    ]

    np.testing.assert_allclose(
        problem.value_and_grad(x)[1], np.array(differences) / (2 * width), rtol=1e-6
    )


def test_it_can_be_solved():
    """Some learning rate of the default grid takes the package's own rule to the last target within
    the budget.
    """
    runs = ob.run(["leon"], ["diffgrad"], seeds=1).runs

    assert "failed" not in set(runs["status"])
    assert "solved" in set(runs["status"])
