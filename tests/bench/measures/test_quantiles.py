"""Quantiles over few runs: the ordinary ones, with infinity kept right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optbench.bench.measures.quantiles import median, quantiles

LEVELS = [0.0, 0.25, 0.5, 0.75, 1.0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.floats(0, 1))
def test_finite_quantiles_are_numpys(values, level):
    """Of finite values they are np.quantile's linear ones."""
    np.testing.assert_allclose(
        quantiles(values, [level])[0], np.quantile(values, level), rtol=1e-12, atol=1e-9
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 2.0], 1.5),
        ([4.0, 1.0, 2.0, 3.0], 2.5),
        ([1.0, np.inf], np.inf),
        ([1.0, 2.0, np.inf], 2.0),
        ([1.0, 2.0, np.inf, np.inf], np.inf),
        ([np.inf, np.inf], np.inf),
        ([1.0, np.nan, 3.0], 3.0),
        ([-np.inf, 1.0], -np.inf),
        ([0.1, 0.1], 0.1),
    ],
)
def test_medians_known_by_hand(values, expected):
    """The median of two is their mean, not the better one; it is inf where a middle value is, and
    NaN counts as inf.
    """
    assert median(values) == expected


@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(np.inf)), min_size=1, max_size=12))
def test_infinity_is_that_of_a_large_number(values):
    """A quantile with inf among the values is inf exactly where it grows without bound as a number
    in its place does.
    """
    far = 1e300
    found = quantiles(values, LEVELS)
    instead = np.quantile(np.where(np.isinf(values), far, values), LEVELS)

    assert np.isinf(found).tolist() == (instead > 1e100).tolist()
    assert not np.isnan(found).any()


def test_a_place_between_values_is_no_rounding_error():
    """Seven tenths of eleven values is the eighth, though 0.7 times 10 is a little more than 7, and
    the ninth is inf.
    """
    assert quantiles([*range(8), *[np.inf] * 3], [0.7, 0.1 + 0.2]).tolist() == [7.0, 3.0]


def test_axes_are_kept():
    """Levels come first, then the axes that are left."""
    values = np.arange(24.0).reshape(4, 3, 2)

    np.testing.assert_allclose(
        quantiles(values, LEVELS, axis=1), np.quantile(values, LEVELS, axis=1)
    )


def test_no_values_are_refused():
    """There is no quantile of nothing."""
    with pytest.raises(ValueError, match="no values"):
        quantiles([], [0.5])
