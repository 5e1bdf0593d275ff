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
        (
            "multi_step",
            lambda k, n: 0.1 ** ((k >= max(1, round(n / 2))) + (k >= max(1, round(0.75 * n)))),
        ),
        (
            "multi_step[gamma=0.5,milestones=20:30:40]",
            lambda k, n: 0.5 ** sum(k >= m for m in (20, 30, 40)),
        ),
        ("multi_step[milestones=10]", lambda k, n: 0.1 ** (k >= 10)),
        ("inverse_sqrt", lambda k, n: (1 + k) ** -0.5),
        ("inverse_sqrt[shift=100]", lambda k, n: (1 + k / 100) ** -0.5),
        ("polynomial[power=3.0]", lambda k, n: (1 - k / n) ** 3),
        ("linear", lambda k, n: 1 - k / n),
        ("linear[final=0.2]", lambda k, n: 1 - 0.8 * k / n),
        ("wsd[warmup=0]", lambda k, n: min(1.0, (1 - k / n) / 0.2)),
        ("cosine_restarts[growth=1.0,periods=1]", lambda k, n: (1 + math.cos(math.pi * k / n)) / 2),
        ("one_cycle[first=0.2,final=0.2,rise=0.5]", lambda k, n: 1 - 0.8 * abs(2 * k / n - 1)),
        ("cosine[final=0.1]", lambda k, n: 0.1 + 0.9 * (1 + math.cos(math.pi * k / n)) / 2),
    ],
)
@pytest.mark.parametrize("steps", [1, 2, 50, 1001])
def test_schedule_equals_its_formula(name, formula, steps):
    """The k-th multiplier is the formula at k."""
    np.testing.assert_allclose(
        schedule.multipliers(name, steps), [formula(k, steps) for k in range(steps)], rtol=1e-12
    )


RISING = {"one_cycle", "cosine_restarts", "wsd"}


@given(st.sampled_from(sorted({*schedule.SCHEDULES} - RISING)), st.integers(1, 3000))
def test_schedules_begin_at_one_and_never_rise(name, steps):
    """Every default schedule without a rise in its nature begins with lr itself and never rises."""
    values = schedule.multipliers(name, steps)

    assert values[0] == 1
    assert (np.diff(values) <= 1e-15).all()


@given(
    st.sampled_from(sorted(schedule.SCHEDULES)),
    st.integers(1, 3000),
    st.sampled_from([0, 0.1, 1, 100, 5000]),
)
def test_schedules_stay_in_bounds(name, steps, warmup):
    """Every schedule has one positive multiplier an update, at most 1, with and without warm-up,
    however short the run.
    """
    values = schedule.multipliers(f"{name}[warmup={warmup}]", steps)

    assert values.shape == (steps,)
    assert (values > 0).all()
    assert (values <= 1 + 1e-15).all()


@given(st.sampled_from(sorted(schedule.SCHEDULES)), st.integers(1, 50), st.integers(60, 500))
def test_warmup_rises_and_hands_over(name, warmup, steps):
    """After a linear rise to lr over `warmup` updates the schedule runs as over the rest alone."""
    values = schedule.multipliers(f"{name}[warmup={warmup}]", steps)

    np.testing.assert_allclose(values[:warmup], np.arange(1, warmup + 1) / warmup)
    np.testing.assert_array_equal(
        values[warmup:], schedule.multipliers(f"{name}[warmup=0]", steps - warmup)
    )


def test_warmup_may_be_a_share():
    """A warm-up below 1 is a share of the run."""
    np.testing.assert_array_equal(
        schedule.multipliers("cosine[warmup=0.1]", 1000),
        schedule.multipliers("cosine[warmup=100]", 1000),
    )


def test_attention_is_all_you_need():
    """inverse_sqrt with shift = warmup is min(s**-0.5, s * warmup**-1.5) of Vaswani et al., eq. 3,
    up to its scale.
    """
    s, w = np.arange(1, 1001), 40.0
    paper = np.minimum(s**-0.5, s * w**-1.5) * np.sqrt(w)
    found = schedule.multipliers("inverse_sqrt[shift=40,warmup=40]", 1000)

    np.testing.assert_allclose(found[:40], paper[:40])
    np.testing.assert_allclose(found[41:], paper[40:-1])


def test_restarts_grow():
    """Each cosine period is `growth` times as long as the one before, and begins again at 1."""
    values = schedule.multipliers("cosine_restarts[growth=2.0,periods=3]", 700)

    assert np.flatnonzero(values == 1).tolist() == [0, 100, 300]


def test_robbins_monro_conditions():
    """inverse_time's sum grows without bound while the sum of its squares converges, as Robbins &
    Monro require.
    """
    values = schedule.multipliers("inverse_time[decay=1.0]", 10**6)

    assert values.sum() > 14
    assert (values**2).sum() < math.pi**2 / 6 + 1e-9


@pytest.mark.parametrize(
    "name",
    [
        "cosin",
        "step[gama=1]",
        "step[gamma=2.0]",
        "step[every=-1]",
        "exponential[final=0.0]",
        "wsd[decay=2.0]",
        "multi_step[milestones=a:b]",
        "multi_step[milestones=-1]",
        "cosine[warmup=-1]",
        "one_cycle[rise=0.6]",
    ],
)
def test_bad_schedules_are_refused(name):
    """Unknown names and values out of range are errors of one line."""
    with pytest.raises(ValueError, match=r"unknown|range") as error:
        schedule.multipliers(name, 10)
    assert "\n" not in str(error.value)
