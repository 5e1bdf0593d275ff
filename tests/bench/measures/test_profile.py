"""The area under the performance profile equals its integral."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from optbench.bench.measures.profile import profile_area

COST = st.one_of(st.integers(1, 500).map(float), st.just(np.inf))


def profile_integral(cost, r_max):
    """The integral of the Dolan-Moré profile from 1 to r_max over r_max - 1, by the midpoint rule;
    cost (problems, s).
    """
    edges = np.linspace(1.0, r_max, 20_001)
    middles = (edges[1:] + edges[:-1]) / 2
    area = np.zeros(cost.shape[1])
    for row in cost:
        if np.isfinite(row).any():
            ratios = row / row[np.isfinite(row)].min()
            area += [(middles >= ratio).mean() for ratio in ratios]
    return area / len(cost)


@given(st.integers(1, 5), st.integers(1, 4), st.data())
def test_area_is_the_integral_of_the_profile(problems, optimizers, data):
    """The closed form equals a numerical integral of the Dolan-Moré profile from ratio 1 to 4."""
    row = st.lists(COST, min_size=optimizers, max_size=optimizers)
    cost = np.array(data.draw(st.lists(row, min_size=problems, max_size=problems)))

    np.testing.assert_allclose(profile_area(cost), profile_integral(cost, 4.0), atol=2e-4)


def test_area_of_known_ratios():
    """Ratios 1, 2, 4, 5 and never contribute 1, 2/3, 0, 0 and 0."""
    cost = np.array([[100.0, 200.0, 400.0, 500.0, np.inf]])

    np.testing.assert_allclose(profile_area(cost), [1.0, 2 / 3, 0.0, 0.0, 0.0])


def test_a_problem_that_nobody_solves_contributes_nothing():
    """Where no optimizer reaches the target all get 0 for that problem, and it counts in the
    mean.
    """
    cost = np.array([[100.0, 100.0], [np.inf, np.inf]])

    assert profile_area(cost).tolist() == [0.5, 0.5]


def test_area_keeps_leading_axes():
    """Resamples in front of (problems, optimizers) are kept."""
    one = np.array([[100.0, 200.0], [300.0, 100.0]])

    np.testing.assert_array_equal(
        profile_area(np.stack([one, one[::-1]])), np.stack([profile_area(one)] * 2)
    )


def test_area_does_not_depend_on_the_unit():
    """Costs counted in another unit give the same area."""
    cost = np.array([[3.0, 5.0, np.inf], [8.0, 7.0, 9.0]])

    np.testing.assert_allclose(profile_area(1000 * cost), profile_area(cost))


def test_a_target_met_at_the_start_costs_nothing():
    """An optimizer that needs 0 evaluations is the fastest: it and its equals get 1, all others
    0.
    """
    assert profile_area(np.array([[0.0, 0.0, 1.0, np.inf]])).tolist() == [1.0, 1.0, 0.0, 0.0]
