"""The rule does what its paper says."""

from math import exp

import numpy as np
import optbench as ob
import pytest


def twin(x, gradients, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """diffGrad in plain NumPy -> the points after each gradient."""
    m, v, before, points = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x), []
    for t, g in enumerate(gradients, 1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        xi = 1 / (1 + np.exp(-np.abs(before - g)))
        x = x - lr * xi * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        before = g
        points.append(x)
    return np.array(points)


@pytest.mark.parametrize(
    "settings", [{}, {"lr": 0.1, "beta1": 0.5, "beta2": 0.9, "eps": 1e-2}], ids=["default", "other"]
)
def test_the_rule_is_its_twin(settings):
    """Over 50 gradients of many sizes the compiled rule and the NumPy one stay together."""
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=7), rng.normal(size=(50, 7)) * 10.0 ** np.arange(-3, 4)
    walk = ob.get_optimizer("diffgrad", **settings).start(start)
    points = np.array([walk.step(g).copy() for g in gradients])

    np.testing.assert_allclose(points, twin(start, gradients, **settings), rtol=1e-12)


def test_the_first_step_by_hand():
    """At step 1 the corrected moments are g and g², so x moves by lr times the friction of g."""
    x = ob.get_optimizer("diffgrad", lr=0.5, eps=0.0).start([1.0, -2.0]).step([2.0, -3.0])

    np.testing.assert_allclose(x, [1 - 0.5 / (1 + exp(-2)), -2 + 0.5 / (1 + exp(-3))], rtol=1e-14)


def test_a_gradient_that_stays_halves_the_step():
    """With equal gradients the corrected moments stay g and g², and friction falls from nearly 1 at
    the jump from 0 to 1/2.
    """
    walk = ob.get_optimizer("diffgrad", lr=0.5, eps=0.0).start([0.0, 0.0])
    points = np.array([walk.step([40.0, -40.0]).copy() for _ in range(2)])

    np.testing.assert_allclose(points, [[-0.5, 0.5], [-0.75, 0.75]], rtol=1e-12)
