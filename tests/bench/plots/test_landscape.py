"""A landscape shows the gap around the starts and the minima."""

import numpy as np
import optbench as ob
import pytest
from drawn_lines import lines
from matplotlib.figure import Figure
from optbench.bench.plots.landscape import landscape


def test_a_landscape_of_two_dimensions_holds_starts_and_minima(ax):
    """Contours of the gap with the start of seed 0, further starts and every minimizer inside the
    frame.
    """
    problem = ob.get_problem("rosenbrock")
    landscape(problem, ax)
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert problem.minimizers is not None
    points = [*problem.starts(range(20)).T, *problem.minimizers]

    assert all(low < x < high and bottom < y < top for x, y in points)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "further starts",
        "start of seed 0",
        "minimum",
    ]
    np.testing.assert_allclose(lines(ax)["minimum"].get_xydata(), problem.minimizers)
    assert ax.get_xlabel() == "x[0]"


@pytest.mark.parametrize(
    ("name", "goal"), [("quadratic", "minimum"), ("xor", "point a gradient step away")]
)
def test_a_landscape_of_more_dimensions_is_a_plane(name, goal, ax):
    """The plane leads from the start to the minimum, or along the gradient where none is known."""
    landscape(ob.get_problem(name), ax)

    assert ax.get_xlabel() == f"from the start (0) to the {goal} (1)"
    np.testing.assert_array_equal(lines(ax)["start of seed 0"].get_xydata(), [[0, 0]])
    assert ("minimum" in lines(ax)) == (goal == "minimum")


def test_a_landscape_shows_the_gap():
    """What is drawn is log10 of the gap: its values at the frame's corners are among the levels."""
    figure = Figure()
    ax = figure.subplots()
    problem = ob.get_problem("quadratic[dim=2]")
    landscape(problem, ax)
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    corners = (
        problem.values(np.array([[low, low, high, high], [bottom, top, bottom, top]]))
        - problem.minimum
    )
    levels = ax.collections[0].levels

    assert levels.min() < np.log10(corners).min()
    assert levels.max() >= np.log10(corners).max() - 0.1
