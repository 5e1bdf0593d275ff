"""The sensitivity shows median final gaps over learning rates, and where runs diverged."""

import numpy as np
import optbench as ob
import pytest
from drawn_lines import BOWL, LRS, crosses, lines, shown
from matplotlib.colors import to_hex
from optbench.bench.plots import sensitivity


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_sensitivity_shows_median_gaps(results, ax, optimizer):
    """A line of the sensitivity is the median final gap over seeds at each learning rate, none
    where it is lost.
    """
    runs = results.runs[
        (results.runs["problem"] == "rosenbrock") & (results.runs["optimizer"] == optimizer)
    ]
    gaps = runs["gap"].where(runs["status"] != "diverged", np.inf)
    expected = [np.median(gaps[runs["lr"] == lr]) for lr in LRS]
    line = lines(sensitivity.draw(results, ax=ax, problem="rosenbrock"))[optimizer]

    np.testing.assert_array_equal(line.get_xdata(), LRS)
    np.testing.assert_array_equal(line.get_ydata(), shown(np.array(expected)))


def test_diverged_learning_rates_are_marked(results, ax):
    """Learning rates at which at least half of the seeds diverged carry a cross in the optimizer's
    colour, no others.
    """
    sensitivity.draw(results, ax=ax, problem="rosenbrock")
    runs = results.runs[results.runs["problem"] == "rosenbrock"]
    lost = (runs["status"] == "diverged").groupby(
        [runs["optimizer"].astype(str), runs["lr"]]
    ).mean() >= 0.5
    expected = {
        to_hex(line.get_color()): lost[name][lost[name]].index.tolist()
        for name, line in lines(ax).items()
    }
    expected = {colour: lrs for colour, lrs in expected.items() if lrs}

    assert expected, "nothing diverged: the test is void"
    assert crosses(ax) == expected


def test_crosses_are_seen(results, ax):
    """The crosses lie inside the frame, none on another."""
    sensitivity.draw(results, ax=ax, problem="rosenbrock")
    marks = [line for line in ax.lines if line.get_marker() == "x"]
    places = [
        point for line in marks for point in line.get_transform().transform(line.get_xydata())
    ]
    inside = ax.transAxes.inverted().transform(places)

    assert ((inside >= 0) & (inside <= 1)).all()
    assert len({tuple(place) for place in inside}) == len(places)


def test_sensitivity_has_quartile_bands(ax):
    """The band around a line goes from the lower to the upper quartile over seeds."""
    results = ob.run([BOWL], ["sgd"], lrs=[0.01, 0.1], seeds=5, steps=30)
    (band,) = sensitivity.draw(results, ax=ax).collections
    corners = {tuple(corner) for path in band.get_paths() for corner in path.vertices}
    gaps = {lr: np.sort(own["gap"]) for lr, own in results.runs.groupby("lr")}

    assert {(lr, own[row]) for lr, own in gaps.items() for row in (1, 3)} <= corners
