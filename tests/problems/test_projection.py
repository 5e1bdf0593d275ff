"""A problem may keep x in a set: `project(x)` after each update, in the loop and in walks alike."""

from dataclasses import replace

import numpy as np
import optbench as ob
import pytest


def tilted(x, g):
    """(x0 - 2)**2 + x1 over the box: the minimum is at a corner of it."""
    g[0], g[1] = 2 * (x[0] - 2.0), 1.0
    return (x[0] - 2.0) ** 2 + x[1]


def into_box(x):
    """Each coordinate into [1/4, 1]."""
    for i in range(x.size):
        x[i] = min(max(x[i], 0.25), 1.0)


@pytest.fixture
def boxed():
    @ob.problem
    def boxed():
        """A test's problem (2000)."""
        return ob.Problem(
            formula=tilted,
            project=into_box,
            center=np.array([0.3, 0.9]),
            spread=0.01,
            budget=100,
            source="a test",
            minimum=1.25,
            minimizers=np.array([[1.0, 0.25]]),
        )

    return boxed()


@pytest.mark.parametrize("name", ["sgd", "adam", "prodigy", "lookahead[adam]"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_loop_projects_after_each_update(boxed, name, dtype):
    """Runs stay in the set, and go as a loop by hand that projects after each step."""
    rule = ob.get_optimizer(name)
    run = ob.run([boxed], [rule], lrs=[0.05] if rule.lr else None, seeds=[1], steps=60, dtype=dtype)
    walk = rule.configured(**({"lr": 0.05} if rule.lr else {})).start(
        boxed.start(1), problem=boxed, dtype=dtype
    )
    losses = [boxed.value_and_grad(walk.x)[0]]
    for step in range(1, 61):
        x = walk.step(boxed.gradient(walk.x, seed=1, step=step)[1])
        losses.append(boxed.value_and_grad(x)[0])

        assert (x >= 0.25).all()
        assert (x <= 1).all()
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    np.testing.assert_allclose(
        run.curves["loss"], np.array(losses)[run.curves["step"]], rtol=tolerance
    )


def test_a_corner_is_found(boxed):
    """Gradient descent ends in the corner, which no run without the projection would."""
    runs = ob.run([boxed], ["sgd"], lrs=[0.1], seeds=3).runs

    assert (runs["gap"] == 0).all()


def test_the_projection_is_part_of_a_runs_identity(boxed, tmp_path):
    """Another projection makes other runs: stored ones of the first don't answer for the second."""

    def nowhere(x):
        """A test's projection."""
        x[0] += 0.0

    ob.run([boxed], ["sgd"], lrs=[0.1], seeds=1, store=tmp_path)
    again = ob.run(
        [replace(boxed, project=nowhere)], ["sgd"], lrs=[0.1], seeds=1, store=tmp_path
    ).runs

    assert again["final_loss"].iloc[0] < 0


def test_other_coordinates_are_refused_and_noise_is_not(boxed):
    """A set belongs to its coordinates: they can't be changed; noise on the gradient can be
    added.
    """
    noisy = ob.get_problem("boxed[noise=0.1]")
    runs = ob.run([noisy], ["sgd"], lrs=[0.05], seeds=2).runs

    assert (runs["final_loss"] >= 1.25).all()
    with pytest.raises(ValueError, match="keeps x in a set of its own"):
        ob.get_problem("boxed[rotated]")


def test_a_projection_of_more_than_x_is_refused(boxed):
    """A projection that asks for more than x is told so."""

    def wide(x, lower):
        x[0] = lower

    with pytest.raises(ValueError, match="takes x"):
        replace(boxed, project=wide).projection()
