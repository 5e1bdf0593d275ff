"""Values chained into series, and commits named only for what their samples support."""

import math

import pandas as pd
import pytest
from optbench.bench.history.series import changes, series

COLUMNS = ["commit", "problem", "value"]


def values(rows, half=None, **more):
    """Rows of commit, problem, value; half : half the 99 % interval, as a share of the value."""
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(**{"optimizer": "adam", "lr": "", **more})
    ends = [
        frame["value"] * (1 + sign * half) if half is not None else math.nan for sign in (-1, 1)
    ]
    return frame.assign(low=ends[0], high=ends[1])


def named(frame, order, factor=1.05, timed=True, calibrated=None):
    """{commit: {optimizer: ratio}} of the changes."""
    found = changes(series(frame, order, timed, calibrated), factor)
    return {
        commit: {change.optimizer: change.ratio for change in own} for commit, own in found.items()
    }


def test_lines_multiply_the_mean_ratios():
    """By hand: ratios 2 and 8 have the geometric mean 4; a problem that appears later moves nothing
    when it comes.
    """
    rows = [
        ("a", "quadratic", 1.0),
        ("a", "xor", 1.0),
        ("b", "quadratic", 2.0),
        ("b", "xor", 8.0),
        ("b", "beale", 1000.0),
        ("c", "quadratic", 1.0),
        ("c", "xor", 8.0),
        ("c", "beale", 1000.0 * 2**0.5),
    ]
    found = series(values(rows), ["z", "a", "b", "c"], timed=False)

    assert list(found.lines.index) == ["a", "b", "c"]
    assert found.lines["adam"].tolist() == pytest.approx(
        [1.0, 4.0, 4.0 * (0.5 * 1 * 2**0.5) ** (1 / 3)]
    )


def test_a_change_across_a_commit_without_values_is_named():
    """Adam fails at b and is four times slower at c: c is where its line steps, and is named."""
    adam = values([("a", "xor", 1.0), ("c", "xor", 4.0)], 0.01)
    sgd = values([("a", "xor", 1.0), ("b", "xor", 1.0), ("c", "xor", 1.0)], 0.01, optimizer="sgd")
    both = pd.concat([adam, sgd])

    assert series(both, ["a", "b", "c"], True).lines["adam"].tolist() == pytest.approx(
        [1.0, math.nan, 4.0], nan_ok=True
    )
    assert named(both, ["a", "b", "c"]) == {"c": {"adam": pytest.approx(4.0)}}


@pytest.mark.parametrize(("half", "blamed"), [(0.10, True), (0.15, False), (None, False)])
def test_a_time_blames_a_commit_only_where_its_samples_do(half, blamed):
    """3 ns and 4 ns: at 10 % the intervals end at 3.3 and 3.6, at 15 % at 3.45 and 3.4; without
    samples nothing is known.
    """
    frame = values([("a", "xor", 3.0), ("b", "xor", 4.0)], half)

    assert named(frame, ["a", "b"]) == ({"b": {"adam": pytest.approx(4 / 3)}} if blamed else {})


def test_noise_of_a_busy_machine_blames_nobody():
    """Every problem's median is half as long again, and every interval reaches from half to twice:
    nobody is named.
    """
    problems = [f"problem {number}" for number in range(20)]
    frame = values(
        [(commit, name, ns) for commit, ns in (("a", 1.0), ("b", 1.5)) for name in problems], 0.5
    )

    assert named(frame, ["a", "b"]) == {}


def test_what_has_the_same_bits_each_time_needs_no_samples():
    """Steps to target differ only where the code does: 3 % more are named, and nothing else."""
    frame = values([("a", "xor", 100.0), ("b", "xor", 100.0), ("c", "xor", 103.0)])

    assert named(frame, ["a", "b", "c"], 1.02, timed=False) == {"c": {"adam": pytest.approx(1.03)}}


def test_ups_and_downs_of_different_problems_don_t_cancel():
    """One problem takes twice, another half the steps: the line is level, and the commit is named,
    with what moved most.
    """
    rows = [("a", "quadratic", 100.0), ("a", "xor", 50.0), ("a", "beale", 7.0)]
    rows += [("b", "quadratic", 200.0), ("b", "xor", 25.0), ("b", "beale", 7.0)]
    ((change,),) = changes(series(values(rows), ["a", "b"], timed=False), 1.02).values()

    assert change.ratio == pytest.approx(1.0)
    assert (change.changed, change.cases) == (2, 3)
    assert change.size == pytest.approx(2 ** (2 / 3))
    assert change.most in ("quadratic", "xor")


def test_a_slow_day_is_divided_out():
    """All times are 1.3 times as long, as is the calibration loop beside them: the line stays
    level, nobody is named.
    """
    days = {"a": 1.0, "b": 1.3, "c": 1.0}
    times = values([(commit, "xor", 10.0 * day) for commit, day in days.items()], 0.02)
    calibrated = values([(commit, "xor", 5.0) for commit in days], 0.02)

    assert named(times, list(days)) == {
        "b": {"adam": pytest.approx(1.3)},
        "c": {"adam": pytest.approx(1 / 1.3)},
    }
    assert named(times, list(days), calibrated=calibrated) == {}
    assert series(times, list(days), True, calibrated).lines["adam"].tolist() == pytest.approx(
        [1.0, 1.0, 1.0]
    )


def test_a_slower_loop_on_a_slow_day_is_named():
    """A step twice as long on a day 1.3 times as slow is a change by 2, not by 2.6."""
    times = values([("a", "xor", 10.0), ("b", "xor", 26.0)], 0.02)
    calibrated = values([("a", "xor", 5.0), ("b", "xor", 10.0)], 0.02)

    assert named(times, ["a", "b"], calibrated=calibrated) == {"b": {"adam": pytest.approx(2.0)}}


def test_a_history_from_before_calibration_joins_up():
    """Two commits without, then two with: across the border the plain times count, then the
    calibrated ones.
    """
    times = values(
        [("a", "xor", 10.0), ("b", "xor", 12.0), ("c", "xor", 15.0), ("d", "xor", 30.0)], 0.02
    )
    calibrated = values([("c", "xor", 5.0), ("d", "xor", 5.0)], 0.02)
    found = series(times, ["a", "b", "c", "d"], True, calibrated)

    assert found.lines["adam"].tolist() == pytest.approx([1.0, 1.2, 1.5, 1.5])
    assert named(times, ["a", "b", "c", "d"], calibrated=calibrated).keys() == {"b", "c"}


def test_a_commit_without_calibration_between_two_with_it():
    """Its own step and the one after are of plain times, since neither has a calibrated
    neighbour.
    """
    times = values([("a", "xor", 10.0), ("b", "xor", 20.0), ("c", "xor", 40.0)], 0.02)
    calibrated = values([("a", "xor", 5.0), ("c", "xor", 5.0)], 0.02)

    assert series(times, ["a", "b", "c"], True, calibrated).lines["adam"].tolist() == pytest.approx(
        [1.0, 2.0, 4.0]
    )
