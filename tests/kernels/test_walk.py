"""A run by hand."""

import numpy as np
import optbench as ob
import pytest


def test_a_rule_that_averages_reports_its_slot():
    """`init` starts a slot at x or a number, and `reported` is the point to evaluate."""

    @ob.optimizer(init={"mean": "x", "count": 1.0}, reported="mean")
    def averaging_probe(x, g, mean, count, lr=0.1):
        """A test's rule (2000): x moves, the running mean is reported. lr : units of x."""
        x = x - lr * g
        count = count + 1
        return x, mean + (x - mean) / count, count

    walk, seen = averaging_probe.start(np.array([1.0, -2.0])), [np.array([1.0, -2.0])]
    for g in np.random.default_rng(7).normal(size=(10, 2)):
        seen.append(walk.step(g))

        np.testing.assert_allclose(walk.reported, np.mean(seen, axis=0), rtol=1e-12)


def test_walk_refuses_wrong_shapes():
    """A start that isn't a finite vector, or a gradient of another shape, is an error."""
    rule = ob.get_optimizer("sgd")
    with pytest.raises(ValueError, match="finite vector"):
        rule.start(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="finite vector"):
        rule.start([np.nan])
    with pytest.raises(ValueError, match="shape"):
        rule.start([1.0, 2.0]).step([1.0])
