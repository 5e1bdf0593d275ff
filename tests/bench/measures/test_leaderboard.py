"""The leaderboard: its columns, on costs whose answers are known by hand."""

import numpy as np
import optbench as ob
import pandas as pd
import pytest
from optbench.bench.measures.leaderboard import leaderboard
from runs_by_hand import board_of, paired, runs_of


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

    assert [name for name in found.columns if name in columns] == columns
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


def test_labels_tell_optimizers_apart():
    """Where runs have a column `label`, as Results.labelled gives them, each label is a row."""
    rows = [
        ("p", "a", 0.1, 0, cost, {"label": label})
        for label, cost in (("a constant", 200), ("a cosine", 100))
    ]

    assert board_of(rows)["score"].to_dict() == {"a cosine": 1.0, "a constant": 2 / 3}


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
def test_the_edge_of_the_grid_is_noticed(costs, edge):
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
