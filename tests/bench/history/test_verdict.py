"""What counts as moved and as slower: pure functions, held to arithmetic."""

import math

import numpy as np
import pytest
from optbench.bench.history import verdict


def fingerprint(sizes, nudged=0.0):
    return {"sizes": sizes, "nudged": [nudged] * len(sizes)}


def test_a_fingerprint_moves_beyond_1e_9_of_itself():
    """A relative change of 1e-10 is rounding and one of 1e-8 is not, whatever the losses' sizes; it
    is returned as it is.
    """
    for size in (1e-10, 1.0, 1e9):
        assert verdict.moved(fingerprint([1.0, size]), fingerprint([1.0, size * (1 + 1e-10)])) == 0
        assert verdict.moved(
            fingerprint([1.0, size]), fingerprint([1.0, size * (1 + 1e-8)])
        ) == pytest.approx(1e-8, rel=1e-6)


def test_a_loss_that_amplifies_rounding_may_move_further():
    """Where a nudge of lr moves a loss by 1e-6, a move of 1e-6 is none and one of 1e-4 is; other
    losses as ever.
    """
    wild, still = {"sizes": [1.0, 1.0], "nudged": [0.0, 1e-6]}, 1e-15

    assert verdict.moved(wild, {"sizes": [1.0, 1 + 1e-6], "nudged": [0.0, still]}) == 0
    assert verdict.moved(wild, {"sizes": [1.0, 1 + 1e-4], "nudged": [0.0, still]}) > 0
    assert verdict.moved(wild, {"sizes": [1 + 1e-8, 1.0], "nudged": [0.0, still]}) > 0


def test_a_commit_that_makes_a_cell_wild_does_not_excuse_itself():
    """Only what BASE amplifies is let off: a HEAD whose losses are by chance has moved."""
    assert verdict.moved(fingerprint([1.0]), fingerprint([5.0], nudged=0.8)) > 0


def test_float32_may_move_by_what_rounds_float32():
    """Its losses have seven digits: 3e-7 of a loss is rounding there, and far beyond it in float64;
    5e-6 is a change.
    """
    base, head = fingerprint([1.0]), fingerprint([1 + 3e-7])

    assert verdict.moved(base, head, "float32") == 0
    assert verdict.moved(base, head) > 0
    assert verdict.moved(base, fingerprint([1 + 5e-6]), "float32") > 0


def test_a_seed_that_does_not_amplify_rounding_is_no_ground_for_another():
    """In a chaotic cell a nudge moves one seed by 0.5 and another, by chance, not at all: there,
    0.2 is no change.

    The losses after 20 updates, which no nudge moves, are judged as ever.
    """
    base = {"sizes": [1.0, 1.0, 1.0, 1.0], "nudged": [0.0, 0.0, 0.5, 1e-12]}

    assert verdict.moved(base, {"sizes": [1.0, 1.0, 1.0, 0.8]}) == 0
    assert verdict.moved(base, {"sizes": [1.0, 1.0 + 1e-6, 1.0, 0.8]}) > 0


RUNS = [[300.0, 1e-3, 2e-3], [400.0, 1e-3, math.nan]]


def test_runs_that_need_more_steps_have_moved():
    """By 2 of 300 steps, or in a loss by 1e-6 of itself; not by the last bit, nor by a step where a
    loss all but meets it.
    """
    again = [list(run) for run in RUNS]
    assert verdict.moved_late(RUNS, again, []) == 0
    for column, value, moves in (
        (0, 302.0, True),
        (0, 301.0, False),
        (1, 1e-3 * (1 + 1e-6), True),
        (2, 2e-3 * (1 + 1e-13), False),
    ):
        other = [list(run) for run in RUNS]
        other[0][column] = value

        assert (verdict.moved_late(RUNS, other, []) > 0) is moves


def test_runs_may_move_by_ten_times_what_a_nudge_does():
    """Where a learning rate changed by 1e-14 of itself costs 10 steps, 80 are nothing, and 200 are
    a change.
    """
    nudged = [[[310.0, 1e-3, 2e-3], RUNS[1]]]

    assert verdict.moved_late(RUNS, [[380.0, 1e-3, 2e-3], RUNS[1]], nudged) == 0
    assert verdict.moved_late(RUNS, [[500.0, 1e-3, 2e-3], RUNS[1]], nudged) == pytest.approx(0.4)


def test_what_a_nudge_does_to_one_seed_excuses_no_other():
    """Nor does a seed that a nudge makes miss say how many steps it may take where it hits; a miss
    as a nudge's is none.
    """
    base = [[300.0, 1e-3, 2e-3], [400.0, 1e-3, 2e-3]]
    nudged = [[base[0], [10_000.0, 1e-3, 2e-3]]]

    def size(*steps):
        return verdict.moved_late(base, [[n, 1e-3, 2e-3] for n in steps], nudged, miss=10_000.0)

    assert size(400.0, 400.0) == pytest.approx(0.25)
    assert size(300.0, 500.0) == pytest.approx(0.2)
    assert size(10_000.0, 400.0) == pytest.approx(0.97)
    assert size(300.0, 10_000.0) == 0


def test_a_run_that_is_solved_at_its_start_equals_itself():
    """0 steps in both commits are no change, and 0 against 3 are all of them."""
    assert verdict.moved_late([[0.0, 1.0, 1.0]], [[0.0, 1.0, 1.0]], [[[0.0, 1.0, 1.0]]]) == 0
    assert verdict.moved_late([[0.0, 1.0, 1.0]], [[3.0, 1.0, 1.0]], []) == 1


def test_losses_at_the_floor_are_equal():
    """A sum in another order decides whether a loss ends at 1e-31 or at 1e-30."""
    assert verdict.moved_late([[5.0, 1e-31, 1e-31]], [[5.0, 1e-30, 1e-29]], []) == 0


def late(steps, gap, diverged=1.0):
    return {"steps_to_target": steps, "best_gap": gap, "diverged": diverged}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (late(100, 1e-3), "same"),
        (late(103, 1e-4), "worse"),
        (late(97, 1e-2), "better"),
        (late(101, 1.1e-3), "worse"),
        (late(101, 0.9e-3), "better"),
        (late(90, 1e-4, diverged=2.0), "worse"),
    ],
)
def test_direction_is_by_divergence_then_steps_then_gap(head, expected):
    """More diverged seeds are worse whatever else; steps within 2 % are equal, and gaps decide
    then.
    """
    assert verdict.direction(late(100, 1e-3), head, 1e-12) == expected


def test_gaps_below_the_floor_are_equal():
    """Nobody is better by 1e-20 against 1e-15."""
    assert verdict.direction(late(100, 1e-15), late(100, 1e-20), 1e-12) == "same"


def test_an_interval_covers_the_true_ratio_as_often_as_it_says():
    """Of 4 000 series of ten pairs with a heavy-tailed noise, 1 - 22 / 1024 of the 95 % intervals
    hold the ratio 1.1.

    It runs from the second lowest to the second highest: all ten but one lie on a side of the
    median as often as a coin falls so, 2 (1 + 10) / 2^10.
    """
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(4000):
        found = verdict.interval(
            np.exp(0.05 * rng.standard_t(2, 10)), 1.1 * np.exp(0.05 * rng.standard_t(2, 10)), 0.95
        )
        held += found.low < 1.1 < found.high

    assert held / 4000 == pytest.approx(1 - 22 / 1024, abs=4 * np.sqrt(22 / 1024 / 4000))


def test_one_disturbed_pair_of_sixteen_hides_nothing():
    """A pair in which the machine was three times as fast for one side leaves a 99.9 % interval
    beyond 1.05.
    """
    head = np.full(16, 1.3)
    head[5] = 0.4
    found = verdict.interval(np.ones(16), head, 0.999)

    assert (found.low, found.ratio, found.high) == (1.3, 1.3, 1.3)


def test_too_few_pairs_say_nothing():
    """Three pairs are no ground for 99.9 %: the interval is everything."""
    found = verdict.interval([1.0] * 3, [2.0] * 3, 0.999)

    assert (found.low, found.high) == (0.0, np.inf)


def test_what_both_times_share_cancels():
    """A machine that is twice as slow in some rounds leaves the ratio of pairs as certain as
    without.
    """
    base, noise = (
        np.array([1.0, 2.0, 1.0, 2.0, 1.0, 5.0]),
        np.array([1.0, 1.01, 0.99, 1.0, 1.0, 1.01]),
    )
    found = verdict.interval(base, 1.3 * base * noise, 0.95)

    assert 1.25 < found.low <= found.ratio <= found.high < 1.35
    assert found.ratio == pytest.approx(1.3, rel=1e-3)
