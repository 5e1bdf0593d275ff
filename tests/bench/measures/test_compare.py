"""Comparison: expected running time, profile area and the leaderboard, on costs whose answers are
known by hand.
"""

import itertools

import numpy as np
import optbench as ob
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optbench.bench.measures.costs import best_lrs, expected_running_time, target_costs
from optbench.bench.measures.leaderboard import board, leaderboard
from optbench.bench.measures.profile import profile_area
from optbench.bench.measures.ranking import ranked

COLUMNS = ["problem", "optimizer", "lr", "seed", "evaluations_to_target", "evaluations"]
BUDGET = 1000


def runs_of(rows):
    """Runs by hand, with the columns of results.runs: (problem, optimizer, lr, seed, cost of the
    target or None[, more]).

    more : a dict of further columns.
    """
    records = []
    for problem, optimizer, lr, seed, cost, *more in rows:
        record = {
            "problem": problem,
            "optimizer": optimizer,
            "settings": "{}",
            "lr": lr,
            "schedule": "constant",
            "seed": seed,
            "dtype": "float64",
            "status": "budget" if cost is None else "solved",
            "steps": BUDGET,
            "evaluations": BUDGET,
            "initial_loss": 1.0,
            "final_loss": 0.5 if cost is None else 1e-9,
            "best_loss": 1e-9,
            "gap": 0.5 if cost is None else 1e-9,
            "steps_to_target": cost,
            "evaluations_to_target": cost,
            "ns_per_step": 1.0,
            "error": "",
        }
        records.append({**record, **(more[0] if more else {})})
    frame = pd.DataFrame(records)
    return frame.astype({"steps_to_target": "Int64", "evaluations_to_target": "Int64", "lr": float})


def board_of(rows):
    return leaderboard(runs_of(rows)).set_index("optimizer")


def paired(costs, problem="p", lr=0.1):
    """Rows of several optimizers, the costs of seeds 0, 1, ... each: {"a": [100, None], ...}."""
    return [
        (problem, name, lr, seed, cost)
        for name, own in costs.items()
        for seed, cost in enumerate(own)
    ]


RUNS = st.lists(st.tuples(st.integers(1, 10_000), st.booleans()), min_size=1, max_size=30)


# ----------------------------------------------------------------------------------------------
# expected running time


@given(RUNS)
def test_running_time_is_all_spent_over_successes(runs):
    """ERT equals evaluations of all runs, counted one by one, over the number that solved; inf if
    none did.
    """
    total, successes = 0, 0
    for spent, solved in runs:
        total += spent
        successes += solved
    found = expected_running_time(np.array([s for s, _ in runs]), np.array([s for _, s in runs]))

    assert found == (total / successes if successes else np.inf)


@given(RUNS)
def test_running_time_is_that_of_restarts(runs):
    """ERT equals mean(solved) + (1 - p)/p mean(unsolved), what restarts until success cost on
    average.
    """
    spent, solved = np.array([s for s, _ in runs], float), np.array([s for _, s in runs])
    if solved.any():
        p = solved.mean()
        lost = spent[~solved].mean() if not solved.all() else 0.0
        expected = spent[solved].mean() + (1 - p) / p * lost
    else:
        expected = np.inf

    np.testing.assert_allclose(expected_running_time(spent, solved), expected)


def test_running_time_is_what_simulated_restarts_cost():
    """ERT agrees with the mean cost of drawing runs until one solves, within four standard
    errors.
    """
    spent, solved = np.array([100.0, 400.0, 1000.0, 1000.0]), np.array([True, True, False, False])
    random = np.random.default_rng(0)
    costs = []
    for _ in range(4000):
        cost = 0.0
        while True:
            run = random.integers(4)
            cost += spent[run]
            if solved[run]:
                break
        costs.append(cost)
    error = np.std(costs) / np.sqrt(len(costs))

    assert abs(np.mean(costs) - expected_running_time(spent, solved)) < 4 * error


def test_running_time_takes_the_last_axis_for_runs():
    """Leading axes are kept: one ERT for each, also where some have no success."""
    spent = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    solved = np.array([[[True, False], [False, False]]])

    assert expected_running_time(spent, solved).tolist() == [[3.0, np.inf]]


# ----------------------------------------------------------------------------------------------
# profile area

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


# ----------------------------------------------------------------------------------------------
# costs and learning rates


def test_an_unsolved_run_spends_all_its_evaluations():
    """A run spends the evaluations to its target, or all of its evaluations where it never met
    it.
    """
    costs = target_costs(runs_of(paired({"a": [100, None]})))

    assert costs["solved"].tolist() == [True, False]
    assert costs["spent"].tolist() == [100, BUDGET]


def test_best_lr_is_that_of_least_running_time():
    """The best learning rate has the least ERT: solving always at 400 beats solving half the time
    at 100.
    """
    rows = paired({"a": [100, None]}, lr=0.1) + paired({"a": [400, 400]}, lr=0.01)
    best = best_lrs(runs_of(rows))

    assert best[["problem", "optimizer", "lr", "ert"]].to_numpy().tolist() == [
        ["p", "a", 0.01, 400.0]
    ]


def test_best_lr_is_chosen_for_each_problem():
    """Each problem has its own best learning rate."""
    rows = [
        *paired({"a": [100]}, "p", 0.1),
        *paired({"a": [200]}, "p", 0.2),
        *paired({"a": [200]}, "q", 0.1),
        *paired({"a": [100]}, "q", 0.2),
    ]

    assert best_lrs(runs_of(rows))[["problem", "lr"]].to_numpy().tolist() == [
        ["p", 0.1],
        ["q", 0.2],
    ]


def test_best_lr_without_success_has_the_least_gap():
    """Where no learning rate solves, the one with the least median gap is best; a run without
    finite gap is worst.
    """
    gaps = {1.0: [np.nan, np.nan, 0.0], 0.1: [0.3, 0.2, 0.9], 0.01: [0.4, 0.4, 0.1]}
    rows = [
        ("p", "a", lr, seed, None, {"gap": gap, "final_loss": gap})
        for lr, own in gaps.items()
        for seed, gap in enumerate(own)
    ]
    best = best_lrs(runs_of(rows))

    assert best[["lr", "gap"]].to_numpy().tolist() == [[0.1, 0.3]]


def test_best_lr_without_minimum_has_the_least_loss():
    """Where f* is unknown the final loss decides."""
    rows = [
        ("p", "a", lr, 0, None, {"gap": np.nan, "final_loss": loss})
        for lr, loss in ((0.1, -3.0), (0.2, -5.0), (0.3, np.inf))
    ]

    assert best_lrs(runs_of(rows))["lr"].tolist() == [0.2]


def test_best_lr_of_equals_is_the_smaller():
    """Among learning rates of equal cost and gap the smaller is best."""
    rows = [row for lr in (0.3, 0.1, 0.2) for row in paired({"a": [100, 100]}, lr=lr)]

    assert best_lrs(runs_of(rows))["lr"].tolist() == [0.1]


def test_best_lr_of_a_rule_without_lr_is_null():
    """A rule without learning rate has its one row, lr null."""
    best = best_lrs(runs_of(paired({"a": [100, 300]}, lr=np.nan)))

    assert best["lr"].isna().tolist() == [True]
    assert best["ert"].tolist() == [200.0]


# ----------------------------------------------------------------------------------------------
# leaderboard


def test_leaderboard_has_its_columns():
    """The leaderboard has a row an optimizer, and says score, interval and what lies behind
    them.
    """
    found = leaderboard(runs_of(paired({"a": [100], "b": [200]})))
    columns = [
        "optimizer",
        "score",
        "low",
        "high",
        "solved",
        "problems",
        "wins",
        "at_edge",
        "tried",
        "diverged",
        "failed",
    ]

    assert found.columns.tolist() == columns
    assert found.index.tolist() == [0, 1]


def test_score_of_known_costs():
    """Costs 100, 200 and 350 score 1, 2/3 and 1/6, best first."""
    found = board_of(paired({"slow": [350] * 3, "fast": [100] * 3, "middle": [200] * 3}))

    assert found.index.tolist() == ["fast", "middle", "slow"]
    np.testing.assert_allclose(found["score"], [1.0, 2 / 3, 1 / 6])
    assert found["wins"].tolist() == [1, 0, 0]


def test_score_counts_unsolved_runs():
    """The score is that of the ERT: solving one seed of two at 100, of 1000, costs 1100."""
    found = board_of(paired({"a": [100, None], "b": [400, 400]}))

    np.testing.assert_allclose(found.loc[["a", "b"], "score"], [(4 - 1100 / 400) / 3, 1.0])


def test_score_is_the_mean_over_problems():
    """The score is the mean over problems, and wins and solved problems are counted over them."""
    rows = paired({"a": [100], "b": [200]}, "p") + paired({"a": [300], "b": [100]}, "q")
    found = board_of(rows).loc[["a", "b"]]

    np.testing.assert_allclose(found["score"], [(1 + 1 / 3) / 2, (2 / 3 + 1) / 2])
    assert found[["solved", "problems", "wins"]].to_numpy().tolist() == [[2, 2, 1], [2, 2, 1]]


def test_a_problem_that_nobody_solves_is_no_win():
    """A problem that nobody solves counts as a problem, but is no win, not solved, and adds nothing
    to the score.
    """
    rows = paired({"a": [100, 100], "b": [100, 100]}, "p") + paired(
        {"a": [None, None], "b": [None, None]}, "q"
    )

    for _, row in board_of(rows).iterrows():
        assert row[["score", "solved", "problems", "wins"]].tolist() == [0.5, 1, 2, 1]


def test_score_stands_at_the_best_lr():
    """Every optimizer stands with its best learning rate on each problem; worse ones cost it
    nothing.
    """
    few = paired({"a": [100], "b": [200]})
    more = [*few, *paired({"a": [None]}, lr=9.0), *paired({"b": [900]}, lr=0.001)]

    pd.testing.assert_series_equal(board_of(more)["score"], board_of(few)["score"])


@pytest.mark.parametrize(
    ("costs", "solved"), [([100, None], 1), ([100, None, None], 0), ([None], 0), ([1000], 1)]
)
def test_solved_means_half_of_the_seeds(costs, solved):
    """A problem is solved where at least half of the seeds meet the target at the best learning
    rate.
    """
    assert board_of(paired({"a": costs})).loc["a", "solved"] == solved


def test_equals_share_the_win():
    """Optimizers of equal cost have equal scores and both win, in the order of their names."""
    found = board_of(paired({"b": [100, 300], "a": [100, 300], "c": [900, 900]}))

    assert found.index.tolist() == ["a", "b", "c"]
    assert found["score"].tolist()[:2] == [1.0, 1.0]
    assert found["wins"].tolist() == [1, 1, 0]


def test_shares_of_diverged_and_failed_runs():
    """diverged and failed are shares of all of an optimizer's runs."""
    ends = {"a": ["diverged", "budget", "failed", "diverged"], "b": ["budget"] * 4}
    rows = [
        ("p", name, 0.1, seed, None, {"status": end})
        for name, own in ends.items()
        for seed, end in enumerate(own)
    ]
    found = board_of(rows)

    assert found.loc["a", ["diverged", "failed"]].tolist() == [0.5, 0.25]
    assert found.loc["b", ["diverged", "failed"]].tolist() == [0.0, 0.0]


def test_what_was_not_run_is_not_counted():
    """An optimizer asked for on one of three problems solves 1 of 1, is not ranked, and moves
    nobody's score.
    """
    rows = [row for p in "pqr" for row in paired({"a": [100], "b": [200]}, p)]
    alone, found = board_of(rows), board(runs_of([*rows, *paired({"c": [50]}, "p")]))
    table = found.table.set_index("optimizer")

    assert table.index.tolist() == ["a", "b", "c"]
    assert table.loc["c", ["solved", "problems"]].tolist() == [1, 1]
    assert table.loc["c", ["score", "low", "high", "wins"]].isna().all()
    pd.testing.assert_frame_equal(table.loc[["a", "b"]], alone.loc[["a", "b"]])
    assert found.notes == ("not ranked, without runs on all of 3 problems: c; -p p ranks them too",)


def test_a_problem_that_one_optimizer_ran_alone_ranks_nobody():
    """A problem that only one of the others ran is left out of the ranking, and named; it is
    counted for nobody.
    """
    rows = [*paired({"a": [100], "b": [200]}, "p"), *paired({"a": [None]}, "q")]
    found = board(runs_of(rows))

    pd.testing.assert_frame_equal(found.table, leaderboard(runs_of(rows[:2])))
    assert found.notes == ("ranked on p that every ranked optimizer ran, without q",)


def test_nobody_is_ranked_where_none_can_be_compared():
    """Optimizers on problems of their own have no score beside each other."""
    found = board(runs_of([*paired({"a": [100]}, "p"), *paired({"b": [200]}, "q")]))

    assert found.table["score"].isna().all()
    assert found.table["solved"].tolist() == [1, 1]
    assert found.notes == ("nobody is ranked: no two of these optimizers ran the same problem",)


@pytest.mark.parametrize(
    ("ran", "rows", "problems"),
    [
        ({"a": "pqr", "b": "pqr", "c": "p"}, "ab", "pqr"),
        ({"a": "pqr", "b": "p", "c": "p"}, "abc", "p"),
        ({"a": "pq", "b": "qr"}, "ab", "q"),
        ({"a": "pqrs", "b": "pqr", "c": "pqr"}, "abc", "pqr"),
        ({"a": "p"}, "a", "p"),
        ({"a": "pqr", "b": "pqs", "c": "prs"}, "ab", "pq"),
        ({"a": "pqr", "b": "pqr", "c": "p", "d": "p"}, "ab", "pqr"),
        ({}, "", ""),
        ({"a": "pq", "b": "r"}, "", ""),
        ({"a": "pqrs", "b": "pqrs", "c": "pq", "d": "pq"}, "abcd", "pq"),
    ],
)
def test_most_comparisons_are_ranked(ran, rows, problems):
    """Ranked are the optimizers and problems that give the most comparisons with one of them:
    counted by hand.
    """
    frame = pd.DataFrame(
        {problem: {name: problem in own for name, own in ran.items()} for problem in "pqrs"}
    )
    frame = frame.loc[:, frame.any()]

    assert ranked(frame) == (list(rows), list(problems))


@given(st.lists(st.sets(st.sampled_from("pqrs"), min_size=1), min_size=2, max_size=6))
def test_no_choice_gives_more_comparisons(sets):
    """No set of problems has more optimizers beside one, all with runs on all of it, times
    problems, than what is ranked.
    """
    frame = pd.DataFrame(
        [[problem in own for problem in "pqrs"] for own in sets],
        list(map(str, range(len(sets)))),
        list("pqrs"),
    )
    rows, problems = ranked(frame)
    most = 0
    for size in range(1, 5):
        for chosen in itertools.combinations("pqrs", size):
            count = sum(own.issuperset(chosen) for own in sets)
            most = max(most, (count - 1) * size)

    assert max(len(rows) - 1, 0) * len(problems) == most
    assert all(sets[int(name)].issuperset(problems) for name in rows)


def test_many_different_sets_are_ranked_in_time():
    """Two hundred optimizers on problems of their own choice have a ranking, though their sets
    share in countless ways.
    """
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        random.random((200, 30)) < 0.8, list(map(str, range(200))), [f"p{i:02}" for i in range(30)]
    )
    rows, problems = ranked(frame)

    assert len(rows) > 1
    assert frame.loc[rows, problems].all(axis=None)


def test_a_leaderboard_of_nothing_is_empty():
    """Without runs the leaderboard has its columns and no row."""
    found = ob.Results([]).leaderboard()

    assert found.columns.tolist() == leaderboard(runs_of(paired({"a": [100]}))).columns.tolist()
    assert found.empty


def test_tried_counts_rates_and_seeds():
    """tried has the learning rates and seeds of a row, from the least to the most of its problems;
    no lr is one rate.
    """
    rows = [("p", "a", lr, seed, 100) for lr in (0.1, 0.2, 0.3) for seed in range(4)]
    rows += [("q", "a", 0.1, seed, 100) for seed in range(5)] + [
        (p, "b", np.nan, 0, 100) for p in "pq"
    ]
    found = board_of(rows)

    assert found["tried"].to_dict() == {"a": "1–3 × 4–5", "b": "1 × 1"}


@pytest.mark.parametrize(
    ("b", "warned"),
    [
        ([("p", "b", lr, seed, 100) for lr in (0.5, 0.7) for seed in range(2)], ""),
        ([("p", "b", np.nan, seed, 100) for seed in range(2)], ""),
        ([("p", "b", 0.5, seed, 100) for seed in range(2)], "learning rates tried differ"),
        ([("p", "b", lr, seed, 100) for lr in (0.5, 0.7) for seed in (0, 2)], "seeds tried differ"),
        ([("p", "b", 0.5, 0, 100)], "learning rates and seeds tried differ"),
    ],
    ids=["as many", "no lr", "fewer rates", "other seeds", "fewer of both"],
)
def test_unequal_tries_are_warned_of(b, warned):
    """Where one row had more learning rates, or other seeds, a note says so; a rule without lr
    can't have as many.
    """
    notes = board(
        runs_of([("p", "a", lr, seed, 100) for lr in (0.1, 0.2) for seed in range(2)] + b)
    ).notes

    assert [note.split(" between")[0] for note in notes] == ([warned] if warned else [])


def test_labels_tell_optimizers_apart():
    """Where runs have a column `label`, as Results.labelled gives them, each label is a row."""
    rows = [
        ("p", "a", 0.1, 0, cost, {"label": label})
        for label, cost in (("a constant", 200), ("a cosine", 100))
    ]

    assert board_of(rows)["score"].to_dict() == {"a cosine": 1.0, "a constant": 2 / 3}


def failed(problem, optimizer, seeds=2):
    nothing = {
        "status": "failed",
        "evaluations": 0,
        "steps": 0,
        "gap": np.nan,
        "final_loss": np.nan,
    }
    return [(problem, optimizer, 0.1, seed, None, nothing) for seed in range(seeds)]


def test_where_all_runs_failed_counts_as_not_run():
    """b failed everywhere on q: it solves 1 of 1, is compared on p alone, and a note says why."""
    rows = [
        *paired({"a": [100, 100], "b": [200, 200]}, "p"),
        *paired({"a": [100, 100]}, "q"),
        *failed("q", "b"),
    ]
    found = board(runs_of(rows))
    table = found.table.set_index("optimizer")

    assert table.loc["b", ["solved", "problems", "failed"]].tolist() == [1, 1, 0.5]
    assert table["score"].to_dict() == {"a": 1.0, "b": 2 / 3}
    assert found.notes == (
        "ranked on p that every ranked optimizer ran, without q",
        "all runs failed, which counts as not run: b on q",
    )


def test_a_problem_where_some_seeds_failed_is_run():
    """One failed seed of three doesn't take the problem from the others."""
    rows = [*paired({"a": [100, 100], "b": [200, 200]}, "p"), *failed("p", "b", 3)[2:]]

    assert board_of(rows)["score"].to_dict() == {"a": 1.0, "b": 2 / 3}


def test_an_optimizer_that_always_failed_is_last():
    """An optimizer of which all runs failed has a row without score: solved none, all failed."""
    rows = [*paired({"b": [100, 100], "c": [200, 200]}), *failed("p", "a")]
    found = board(runs_of(rows))
    table = found.table.set_index("optimizer")

    assert table.index.tolist() == ["b", "c", "a"]
    assert table.loc["a", ["solved", "problems", "failed"]].tolist() == [0, 0, 1.0]
    assert table.loc["a", ["score", "low", "high", "wins"]].isna().all()
    assert found.notes[-1] == "all runs failed, which counts as not run: a on p"


def test_a_leaderboard_of_failures_alone():
    """Where everything failed the leaderboard says so."""
    found = board(runs_of([*failed("p", "a"), *failed("p", "b")]))

    assert found.table["failed"].tolist() == [1.0, 1.0]
    assert found.table["score"].isna().all()
    assert found.notes[-1] == "all runs failed, which counts as not run: a on p, b on p"


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


def test_the_score_lies_in_its_interval_though_every_resample_is_luckier():
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


def test_leaderboard_is_the_same_each_time():
    """The bootstrap is seeded: the same runs give the same leaderboard, whatever the order of the
    rows.
    """
    runs = runs_of(paired({"a": [100, 300, 500], "b": [200, 200, 900]}))

    pd.testing.assert_frame_equal(
        leaderboard(runs), leaderboard(runs.iloc[::-1].reset_index(drop=True))
    )


def test_a_rule_without_lr_has_a_place():
    """Runs whose lr is null stand in the leaderboard like any other."""
    found = board_of([*paired({"a": [100]}, lr=np.nan), *paired({"b": [200]})])

    np.testing.assert_allclose(found.loc[["a", "b"], "score"], [1.0, 2 / 3])


# ----------------------------------------------------------------------------------------------
# edges of the grid


@pytest.mark.parametrize(
    ("costs", "edge"),
    [
        ({0.01: 300, 0.1: 100, 1.0: 200}, 0),
        ({0.01: 300, 0.1: 200, 1.0: 100}, 1),
        ({0.01: 100, 0.1: 200, 1.0: 300}, 1),
        ({0.01: 300, 0.1: 100, 1.0: 100}, 0),
        ({0.01: None, 0.1: None, 1.0: None}, 0),
        ({0.01: 300, 0.1: 100}, 1),
        ({0.1: 100}, 0),
    ],
)
def test_the_edge_of_the_grid_is_told(costs, edge):
    """A problem counts as at the edge if no inner learning rate does as well as the least or
    largest of those tried.
    """
    board = board_of(
        [("p", "a", lr, seed, cost) for lr, cost in costs.items() for seed in range(2)]
    )

    assert board["at_edge"].tolist() == [edge]


def test_edges_are_counted_over_problems():
    """at_edge counts problems, each with its own best learning rate."""
    rows = [
        (p, "a", lr, 0, cost)
        for p, best in (("p", 0.01), ("q", 0.1), ("r", 1.0))
        for lr in (0.01, 0.1, 1.0)
        for cost in [100 if lr == best else 500]
    ]

    assert board_of(rows)["at_edge"].tolist() == [2]


# ----------------------------------------------------------------------------------------------
# divergence


def test_a_diverged_run_is_charged_its_budget():
    """A rate at which one seed solves fast and four diverge at once isn't best: divergence is no
    cheap restart.
    """
    lost = {"status": "diverged", "evaluations": 4, "budget": BUDGET}
    rows = [("p", "a", 0.01, seed, None, lost) for seed in range(4)] + [
        ("p", "a", 0.01, 4, 50, {"budget": BUDGET})
    ]
    rows += [("p", "a", 0.001, seed, 400, {"budget": BUDGET}) for seed in range(5)]
    best = best_lrs(runs_of(rows))

    assert best["lr"].tolist() == [0.001]
    assert best["ert"].tolist() == [400.0]
