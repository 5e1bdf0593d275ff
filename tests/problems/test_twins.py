"""The objective of every problem of ours is that of its formula written plainly in NumPy, from its
source.
"""

import naive_mgh
import naive_networks
import naive_noisy
import naive_plane_a
import naive_plane_b
import naive_scalable
import numpy as np
import optbench as ob
import pytest
from optbench.problems import registry

TABLES = (naive_plane_a, naive_plane_b, naive_scalable, naive_mgh, naive_noisy, naive_networks)
TWINS = {name: twin for table in TABLES for name, twin in table.TWINS.items()}


def test_every_family_has_a_twin():
    """A problem joins with its plain formula."""
    ours = {family.name for family in registry.registered().values() if family.ours}

    assert {name.split("[")[0] for name in TWINS} == ours


@pytest.mark.parametrize("name", TWINS)
def test_the_objective_is_the_twins(name):
    """At five points around the starts the kernel's value agrees with the plain formula's to
    1e-12.
    """
    problem = ob.get_problem(name)
    shift = np.random.default_rng(1).normal(scale=0.1, size=(5, problem.dim))
    for seed in range(5):
        start = problem.start(seed)
        x = start + shift[seed] * np.clip(np.abs(start), 0.1, 1.0)

        assert problem.value_and_grad(x)[0] == pytest.approx(TWINS[name](x), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("name", naive_networks.METRICS)
def test_metrics_are_the_twins(name):
    """Accuracy and R², on the training and the held-out rows, agree with NumPy's at three
    starts.
    """
    problem = ob.get_problem(name)
    points = problem.starts([1, 2, 3])
    found = np.array(problem.metrics(points))

    for lane, x in enumerate(points.T):
        np.testing.assert_allclose(
            found[:, lane], naive_networks.METRICS[name](x), rtol=1e-10, atol=1e-12
        )
