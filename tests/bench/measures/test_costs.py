"""What a target costs: expected running time and the best learning rate, against values known by
hand.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from optbench.bench.measures.costs import best_lrs, expected_running_time, target_costs
from runs_by_hand import BUDGET, paired, runs_of

RUNS = st.lists(st.tuples(st.integers(1, 10_000), st.booleans()), min_size=1, max_size=30)


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
