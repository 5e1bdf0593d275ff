"""Schedules against their formulas, written out update by update."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optbench.kernels import schedule


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("constant", lambda k, n: 1.0),
        ("step", lambda k, n: 0.1 ** math.floor(k / math.ceil(n / 3))),
        ("step[every=7,gamma=0.5]", lambda k, n: 0.5 ** (k // 7)),
        ("exponential", lambda k, n: 0.01 ** (k / n)),
        ("exponential[final=0.5]", lambda k, n: 0.5 ** (k / n)),
        ("inverse_time", lambda k, n: 1 / (1 + 0.01 * k)),
        ("inverse_time[decay=1.0]", lambda k, n: 1 / (1 + k)),
        ("cosine", lambda k, n: (1 + math.cos(math.pi * k / n)) / 2),
        ("cosine[final=0.1]", lambda k, n: 0.1 + 0.9 * (1 + math.cos(math.pi * k / n)) / 2),
    ],
)
@pytest.mark.parametrize("steps", [1, 2, 50, 1001])
def test_schedule_equals_its_formula(name, formula, steps):
    """The k-th multiplier is the formula at k."""
    np.testing.assert_allclose(schedule.multipliers(name, steps), [formula(k, steps) for k in range(steps)], rtol=1e-12)


@given(st.sampled_from(sorted(schedule.SCHEDULES)), st.integers(1, 3000))
def test_schedules_begin_at_one_and_never_rise(name, steps):
    """Every default schedule begins with lr itself, stays positive and never rises."""
    values = schedule.multipliers(name, steps)

    assert values.shape == (steps,)
    assert values[0] == 1
    assert (values > 0).all()
    assert (np.diff(values) <= 1e-15).all()


def test_robbins_monro_conditions():
    """inverse_time's sum grows without bound while the sum of its squares converges, as Robbins & Monro require."""
    values = schedule.multipliers("inverse_time[decay=1.0]", 10**6)

    assert values.sum() > 14
    assert (values**2).sum() < math.pi**2 / 6 + 1e-9


@pytest.mark.parametrize("name", ["cosin", "step[gama=1]", "step[gamma=2.0]", "step[every=-1]", "exponential[final=0.0]"])
def test_bad_schedules_are_refused(name):
    """Unknown names and values out of range are errors of one line."""
    with pytest.raises(ValueError, match=r"unknown|range") as error:
        schedule.multipliers(name, 10)
    assert "\n" not in str(error.value)
