"""Every problem of ours is that of its formula written plainly in NumPy, from its source
(tests/twins/problems/).
"""

import inspect
from functools import partial

import numpy as np
import optbench as ob
import pytest
from optbench.kernels.random import NOISE
from optbench.problems import registry
from twins import by_name
from twins.networks import metrics
from twins.philox import normal

NAMES = by_name.problem_names()


def test_every_family_has_a_twin():
    """A problem joins with its plain formula."""
    ours = [family.name for family in registry.registered().values() if family.ours]

    assert by_name.names("problems") == ours


@pytest.mark.parametrize("name", NAMES)
def test_the_objective_is_the_twins(name):
    """At five points around the starts the kernel's value agrees with the plain formula's to
    1e-12.
    """
    problem, twin = ob.get_problem(name), by_name.objective(name)
    shift = np.random.default_rng(1).normal(scale=0.1, size=(5, problem.dim))
    for seed in range(5):
        start = problem.start(seed)
        x = start + shift[seed] * np.clip(np.abs(start), 0.1, 1.0)

        assert problem.value_and_grad(x)[0] == pytest.approx(twin(x), rel=1e-12, abs=1e-14)


NETWORKS = [name for name in NAMES if by_name.is_network(name.split("[")[0])]


@pytest.mark.parametrize("name", NETWORKS)
def test_metrics_are_the_twins(name):
    """A network has held-out rows where its twin has, and its accuracy or R² on these and on the
    training rows agrees with NumPy's at three starts.
    """
    problem, network = ob.get_problem(name), by_name.problem(name)
    assert (problem.held_out_samples > 0) == (network.held_out is not None)
    if network.held_out is None:
        return
    points = problem.starts([1, 2, 3])
    found = np.array(problem.metrics(points))

    for lane, x in enumerate(points.T):
        np.testing.assert_allclose(found[:, lane], metrics(x, network), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in NAMES if by_name.fed(name)])
def test_what_is_fed_is_the_twins(name):
    """The loss that a noisy problem feeds at a step is the plain formula's of the same draws."""
    problem, fed = ob.get_problem(name), by_name.fed(name)
    assert fed is not None
    asks = [word for word in ("draws", "rows", "step") if word in inspect.signature(fed).parameters]
    for seed, step in ((0, 1), (3, 2), (3, 7)):
        key = int(problem.keys([seed])[0]) % 2**64
        draw = student if "heavy_tailed" in name else partial(normal, stream=NOISE)
        known = {
            "draws": np.array([draw(key, step=step, index=i) for i in range(problem.dim)]),
            "rows": problem.rows(seed, step),
            "step": step,
        }
        x = problem.start(seed)
        loss = problem.gradient(x, seed=seed, step=step)[0]

        assert loss == pytest.approx(fed(x, *(known[word] for word in asks)), rel=1e-11)


def student(key, step, index):
    """A number of Student's t distribution with two degrees of freedom, of three normal ones."""
    a, b, c = (normal(key, NOISE, step, 4 * index + k) for k in range(3))
    return a / np.sqrt((b * b + c * c) / 2)
