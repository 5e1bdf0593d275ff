"""NAME meets what optbench asks of a problem, equals its formula in NumPy, and can be solved."""

import numpy as np
import optbench as ob
import pytest
from NAME import NAME
from optbench.bench.check import PROBLEM_REQUIREMENTS

PROBLEM = NAME()


@pytest.mark.parametrize("requirement", PROBLEM_REQUIREMENTS)
def test_requirement(requirement):
    """The requirement holds, the gradient against central differences among them.

    `optbench check NAME.py` says more.
    """
    requirement(PROBLEM)


def test_loss_equals_its_formula():
    """The loss at random points agrees with NumPy's to rounding."""
    points = np.random.default_rng(0).normal(size=(PROBLEM.dim, 20))
    weights = np.arange(1, PROBLEM.dim + 1)[:, None]
    expected = 0.5 * (weights * (points - 1) ** 2).sum(axis=0)

    np.testing.assert_allclose(PROBLEM.values(points), expected, rtol=1e-12)


def test_can_be_solved():
    """Some optimizer meets the last target within the budget."""
    runs = ob.run([PROBLEM], ["sgd", "adam"], seeds=2).runs

    assert (runs["status"] == "solved").any()
