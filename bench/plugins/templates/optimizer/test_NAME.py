"""NAME meets what optbench asks of an optimizer, and equals its formula in NumPy."""

import numpy as np
import pytest
from NAME import NAME
from optbench.bench.check import OPTIMIZER_REQUIREMENTS


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
