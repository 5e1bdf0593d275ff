"""The score's interval holds what another draw of the seeds would have given."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from optbench.bench.measures.leaderboard import leaderboard
from runs_by_hand import BUDGET, board_of, paired, runs_of

RAGGED = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from([0.1, 0.2]),
        st.integers(0, 4),
        st.integers(1, BUDGET) | st.none(),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[:3],
)


def test_interval_is_the_score_where_seeds_agree():
    """Where all seeds cost the same the interval is the score itself."""
    found = board_of(paired({"a": [100] * 5, "b": [200] * 5}))

    assert found["low"].tolist() == found["score"].tolist() == found["high"].tolist()


def test_seeds_are_resampled_together():
    """Seeds are drawn for all optimizers at once: costs that keep their ratio seed by seed leave no
    doubt.
    """
    costs = [100, 900, 250, 30, 4]
    found = board_of(paired({"a": costs, "b": [2 * cost for cost in costs]}))

    np.testing.assert_allclose(found.loc["b", ["score", "low", "high"]].astype(float), 2 / 3)
    np.testing.assert_allclose(found.loc["a", ["score", "low", "high"]].astype(float), 1.0)


def test_interval_of_all_resamples():
    """With two seeds the 95 % interval goes from the worst to the best of the four possible
    resamples.
    """
    costs = {"a": [100, 300], "b": [200, 200]}
    possible = []
    for drawn in itertools.product((0, 1), repeat=2):
        a, b = (np.mean([costs[name][seed] for seed in drawn]) for name in ("a", "b"))
        possible.append(np.clip((4 - a / min(a, b)) / 3, 0, 1))
    found = board_of(paired(costs)).loc["a"]

    np.testing.assert_allclose(found[["low", "high"]].astype(float), [min(possible), max(possible)])


def test_interval_holds_95_of_100_resamples():
    """The interval goes on both sides as far as the farther of the 2.5 and 97.5 % quantiles of
    resampled scores, here of 20,000 drawn by the test.
    """
    costs = {"a": [80, 120, 200, 310, 450, 90, 700, 230], "b": [200] * 8}
    weights = np.random.default_rng(1).poisson(1.0, (20_000, 8))
    weights = weights[weights.any(axis=1)]
    drawn = weights @ costs["a"] / weights.sum(axis=1)
    scores = np.clip((4 - drawn / np.minimum(drawn, 200)) / 3, 0, 1)
    found = board_of(paired(costs)).loc["a"]
    low, high = np.quantile(scores, [0.025, 0.975])
    half = max(found["score"] - low, high - found["score"])

    expected = [max(0, found["score"] - half), min(1, found["score"] + half)]
    np.testing.assert_allclose(found[["low", "high"]].astype(float), expected, atol=0.03)


def test_interval_knows_that_the_lr_was_chosen():
    """The best learning rate is chosen again in every resample: with two seeds, each solved by
    another one.
    """
    rows = [
        *paired({"a": [100, 900]}, lr=0.1),
        *paired({"a": [900, 100]}, lr=0.2),
        *paired({"b": [150, 150]}, lr=0.1),
    ]
    found = board_of(rows).loc["a"]

    # resamples cost 100 (either seed alone) or up to 500 (both alike); chosen once, one seed alone
    # would cost 900
    np.testing.assert_allclose(found["score"], (4 - 500 / 150) / 3)
    np.testing.assert_allclose(found[["low", "high"]].astype(float), [0.0, 1.0])


def test_a_rule_with_fewer_seeds_is_resampled_on_its_own():
    """One seed of twenty, at constant costs: nothing can vary, so both scores are certain."""
    rows = [*paired({"b": [120] * 20}), ("p", "a", 0.1, 7, 100)]
    found = board_of(rows)

    np.testing.assert_allclose(found.loc["b", "score"], (4 - 1.2) / 3)
    assert found["low"].tolist() == found["score"].tolist() == found["high"].tolist()


def test_a_rate_with_fewer_seeds_is_resampled_on_its_own():
    """A learning rate tried on one seed of five at constant cost is the best in every resample."""
    rows = [*paired({"a": [200] * 5, "b": [150] * 5}), ("p", "a", 0.2, 3, 100)]
    found = board_of(rows)

    assert found.loc["a", ["low", "score", "high"]].tolist() == [1.0, 1.0, 1.0]


def test_shared_seeds_are_paired_beside_others():
    """Seeds that two rules share are drawn together, though one has further ones: a constant ratio
    there leaves less doubt than if each were drawn for itself.
    """
    costs = [100, 300, 250, 130, 90, 280, 180, 210]
    rows = paired({"a": costs, "b": [2 * cost for cost in costs]})
    further = [("p", "b", 0.1, 8, 2 * 193)]
    together = board_of([*rows, *further]).loc["b"]
    apart = board_of(
        [*rows[:8], *further, *[(p, o, lr, seed + 100, cost) for p, o, lr, seed, cost in rows[8:]]]
    ).loc["b"]

    assert together["high"] - together["low"] < (apart["high"] - apart["low"]) / 2


def test_the_score_lies_in_its_interval_though_every_resample_is_better():
    """Five rates, each fast on a seed of its own: any resample that isn't even has a better one,
    and the score is in it.
    """
    rows = [
        ("p", "a", 0.1 * (k + 1), seed, 100 if seed == k else 400)
        for k in range(5)
        for seed in range(5)
    ]
    found = board_of([*rows, *paired({"b": [120] * 5})]).loc["a"]

    np.testing.assert_allclose(found["score"], (4 - 340 / 120) / 3)
    assert found["low"] < found["score"] < found["high"]


@settings(max_examples=40)
@given(RAGGED)
def test_the_score_lies_in_its_interval(rows):
    """Whatever seeds and rates each rule has, its score lies in its interval, and the interval in
    [0, 1].
    """
    found = leaderboard(runs_of([("p", *row) for row in rows])).dropna(subset="score")

    assert (found["low"] >= 0).all()
    assert (found["low"] <= found["score"]).all()
    assert (found["score"] <= found["high"]).all()
    assert (found["high"] <= 1).all()


@settings(max_examples=40)
@given(RAGGED, st.fixed_dictionaries({name: st.integers(1, BUDGET) for name in "abc"}))
def test_what_cannot_vary_is_certain(rows, costs):
    """Where every seed of a rule costs the same at all of its rates, intervals have no width,
    whoever ran which seeds.
    """
    found = leaderboard(runs_of([("p", name, lr, seed, costs[name]) for name, lr, seed, _ in rows]))

    assert found["low"].tolist() == found["score"].tolist() == found["high"].tolist()


@settings(max_examples=20)
@given(st.lists(st.one_of(st.integers(1, BUDGET), st.none()), min_size=3, max_size=6))
def test_interval_lies_within_the_scale(costs):
    """Score, low and high lie in [0, 1], low not above high."""
    found = leaderboard(runs_of(paired({"a": costs, "b": costs[::-1]})))

    assert (found[["score", "low", "high"]] >= 0).all(axis=None)
    assert (found[["score", "low", "high"]] <= 1).all(axis=None)
    assert (found["low"] <= found["high"]).all()
