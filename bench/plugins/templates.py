"""The smallest working plugins and their tests: what `optbench new` writes, with NAME for the
name.
"""

OPTIMIZER = '''"""NAME: what is new about it, in one sentence."""

import optbench as ob


@ob.optimizer
def NAME(x, g, t, m, lr=1e-2, beta=0.9):
    """Polyak (1964), USSR Computational Mathematics 4(5), 1-17, as a running mean: put your paper and its equation here.

    m : running mean of g, zero before step t = 1.
    lr : units of x per unit of g.  beta : the share of m that is kept, no unit.
    """
    m = beta * m + (1 - beta) * g
    m_hat = m / (1 - beta**t)
    return x - lr * m_hat, m
'''

OPTIMIZER_TEST = '''"""NAME meets what optbench asks of an optimizer, and equals its formula in NumPy."""

import numpy as np
import pytest
from NAME import NAME
from optbench.bench.check.report import OPTIMIZER_REQUIREMENTS


@pytest.mark.parametrize("requirement", OPTIMIZER_REQUIREMENTS)
def test_requirement(requirement):
    """The requirement holds; `optbench check NAME.py` says more."""
    requirement(NAME)


def twin(gradients, x, lr, beta):
    """The paper's formula, written anew: the points after each update."""
    m = np.zeros_like(x)
    for t, g in enumerate(gradients, 1):
        m = beta * m + (1 - beta) * g
        x = x - lr * m / (1 - beta**t)
        yield x


def test_equals_its_twin():
    """100 updates with random gradients agree with NumPy's to rounding."""
    random = np.random.default_rng(0)
    x, gradients = random.normal(size=5), random.normal(size=(100, 5))
    walk = NAME.start(x)
    for g, expected in zip(gradients, twin(gradients, x, NAME.lr, **NAME.settings), strict=True):
        np.testing.assert_allclose(walk.step(g), expected, rtol=1e-12, atol=1e-14)
'''

PROBLEM = '''"""NAME: what is hard about it, in one sentence."""

import numpy as np
import optbench as ob


def loss(x, g):
    """f(x) = 1/2 sum over i of (i + 1) (x[i] - 1)**2 for one run: x (n,); fills its gradient g (n,)."""
    total = 0.0
    for i in range(x.size):
        away = x[i] - 1.0
        g[i] = (i + 1) * away
        total += 0.5 * (i + 1) * away * away
    return total


@ob.problem
def NAME(dim=4):
    """Where the problem comes from, and what `dim` is."""
    return ob.Problem(
        formula=loss,
        center=np.full(dim, -1.0),
        spread=0.3,
        budget=500,
        source="put your source here",
        minimum=0.0,
        minimizers=np.ones((1, dim)),
    )
'''

PROBLEM_TEST = '''"""NAME meets what optbench asks of a problem, equals its formula in NumPy, and can be solved."""

import numpy as np
import optbench as ob
import pytest
from NAME import NAME
from optbench.bench.check.report import PROBLEM_REQUIREMENTS

PROBLEM = NAME()


@pytest.mark.parametrize("requirement", PROBLEM_REQUIREMENTS)
def test_requirement(requirement):
    """The requirement holds, the gradient against central differences among them; `optbench check NAME.py` says more."""
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
'''
