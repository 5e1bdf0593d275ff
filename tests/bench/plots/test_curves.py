"""Loss curves are medians and quartiles over seeds."""

from dataclasses import replace

import numpy as np
import optbench as ob
import pytest
from drawn_lines import BOWL, chosen, gaps_at, lines, shown
from optbench.bench.plots import curves


@pytest.mark.parametrize("problem", ["rosenbrock", BOWL])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_curves_are_medians(results, ax, problem, optimizer):
    """A line of the loss curves is the median over seeds of the gap at each recorded step, at the
    best learning rate.
    """
    lr = chosen(results, problem, optimizer)
    steps = np.unique(results.curves["step"])
    line = lines(curves.draw(results, ax=ax, problem=problem))[optimizer]
    expected = shown(np.median(gaps_at(results, problem, optimizer, lr, steps), axis=0))

    assert f"lr {lr:g}" in line.get_label()
    np.testing.assert_array_equal(line.get_xdata(), steps + 1)
    np.testing.assert_array_equal(line.get_ydata(), expected)


def test_curves_have_logarithmic_axes(results, ax):
    """Loss curves are drawn on two log axes, the start among what is seen."""
    curves.draw(results, ax=ax)

    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_xlim()[0] <= 1


def test_curves_have_quartile_bands(ax):
    """The band around a line goes from the lower to the upper quartile over seeds."""
    results = ob.run([BOWL], ["sgd"], lrs=[0.5], seeds=5, steps=30)
    steps = np.unique(results.curves["step"])
    gaps = np.sort(shown(gaps_at(results, BOWL, "sgd", 0.5, steps)), axis=0)
    (band,) = curves.draw(results, ax=ax).collections
    corners = {tuple(corner) for path in band.get_paths() for corner in path.vertices}

    assert {
        (step + 1, gap) for row in (1, 3) for step, gap in zip(steps, gaps[row], strict=True)
    } <= corners


def test_a_solved_run_is_carried_on(ax):
    """With stop="target" runs end at different steps; each counts on with its last value."""
    results = ob.run([BOWL], ["sgd"], lrs=[0.8], seeds=3, steps=300, stop="target")
    ends = results.runs["steps"]
    line = lines(curves.draw(results, ax=ax))["sgd"]
    steps = np.asarray(line.get_xdata()) - 1

    assert ends.nunique() > 1, "all runs end together: the test is void"
    np.testing.assert_array_equal(
        line.get_ydata(), shown(np.median(gaps_at(results, BOWL, "sgd", 0.8, steps), axis=0))
    )


def test_a_diverged_run_is_carried_on_as_lost(ax):
    """Where at least half of the seeds have diverged the line ends."""
    results = ob.run([BOWL], ["sgd"], lrs=[5.0], seeds=3, steps=100)
    last = sorted(results.runs["steps"])[1]
    line = lines(curves.draw(results, ax=ax))["sgd"]
    steps = np.asarray(line.get_xdata()) - 1

    assert (results.runs["status"] == "diverged").all()
    np.testing.assert_array_equal(np.isfinite(line.get_ydata()), steps < last)


def test_curves_without_minimum_show_the_loss(ax):
    """Where f* is unknown the loss itself is drawn, and the axis says so."""
    results = ob.run(
        [replace(ob.get_problem(BOWL), minimum=None)], ["sgd"], lrs=[0.1], seeds=1, steps=30
    )
    line = lines(curves.draw(results, ax=ax))["sgd"]

    assert "f*" not in ax.get_ylabel()
    np.testing.assert_array_equal(line.get_ydata(), results.curves["loss"])
