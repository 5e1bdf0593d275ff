"""Which optimizers are ranked on which problems, and what a leaderboard says of the others."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optbench.bench.measures.leaderboard import board, leaderboard
from optbench.bench.measures.ranking import ranked
from runs_by_hand import board_of, failed, paired, runs_of


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
