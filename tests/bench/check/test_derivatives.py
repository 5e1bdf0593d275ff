"""Derivatives by complex steps, and the condition number made of them."""

from math import sqrt

import numpy as np
import optbench as ob
import pytest
from optbench.bench.check import condition, derivatives
from optbench.kernels.elementary import exp, sin


def test_complex_steps_are_exact():
    """Through sine, exponential, division and a square root the complex step has the derivative to
    rounding.
    """

    def formula(x, g, loss):
        """A test's."""
        for lane in range(x.shape[1]):
            a, b = float(x[0, lane]), float(x[1, lane])
            loss[lane] = sin(a) * exp(b) + sqrt(a * a + b * b) / (1.0 + abs(b))
            g[0, lane] = 0.0

    problem = ob.Problem(formula, np.array([0.7, 1.3]), 0.1, 10, "a test", family="complex_test")
    a, b = problem.center
    r = np.hypot(a, b)
    expected = [
        np.cos(a) * np.exp(b) + a / r / (1 + b),
        np.sin(a) * np.exp(b) + b / r / (1 + b) - r / (1 + b) ** 2,
    ]

    np.testing.assert_allclose(
        derivatives.complex_step(problem, problem.center, np.arange(2)), expected, rtol=1e-14
    )


WEIGHTS = np.array([1.0, 2.0])


def test_complex_steps_take_numpys_modulus_and_arrays():
    """A formula with np.abs and a global array is differentiated; one with a norm is left to
    differences, not failed.
    """

    def folded(x, g):
        """A test's."""
        g[0], g[1] = WEIGHTS[0] * np.sign(x[0]), WEIGHTS[1] * 2 * x[1]
        return WEIGHTS[0] * np.abs(x[0]) + WEIGHTS[1] * x[1] ** 2

    def far(x, g):
        """A test's."""
        g[:] = 2 * x
        return np.linalg.norm(x) ** 2

    made = [
        ob.Problem(f, np.array([-3.0, 4.0]), 0.1, 10, "a test", family="complex_test")
        for f in (folded, far)
    ]

    np.testing.assert_allclose(
        derivatives.complex_step(made[0], made[0].center, np.arange(2)), [-1, 16], rtol=1e-14
    )
    with pytest.raises(LookupError):
        derivatives.complex_step(made[1], made[1].center, np.arange(2))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("quadratic", 100.0),
        ("quadratic[condition=1000.0,rotated]", 1000.0),
        ("rosenbrock", 2508.0),
        ("rosenbrock[dim=10]", 3.5e3),
        ("beale", 162.0),
        ("digits", None),
    ],
)
def test_condition_numbers_are_the_known_ones(name, expected):
    """The condition number at the minimum is that of the spectrum, or the published one; none where
    no minimizer is known.
    """
    found = condition.condition(ob.get_problem(name))

    assert found == (None if expected is None else pytest.approx(expected, rel=2e-2))
