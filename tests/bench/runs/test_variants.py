"""Runs of one optimizer that differ in schedule, dtype, stop or budget stand apart."""

import optbench as ob
import pandas as pd
import pytest
from optbench.bench.terminal.notices import Notice
from stored_sweep import BOWL


@pytest.mark.parametrize(
    ("one", "other", "label"),
    [
        ({"schedule": "constant"}, {"schedule": "cosine"}, "sgd (cosine)"),
        ({"dtype": "float64"}, {"dtype": "float32"}, "sgd (float32)"),
        ({"stop": "budget"}, {"stop": "target"}, "sgd (stop=target)"),
    ],
    ids=["schedule", "dtype", "stop"],
)
def test_variants_of_a_run_stand_apart(tmp_path, one, other, label):
    """Stored runs that differ in schedule, dtype or stop are rows of their own; what isn't usual is
    written behind the name.
    """
    for words in (one, other):
        ob.run(
            [BOWL], ["sgd"], **{"lrs": [1.0], "seeds": 2, "steps": 50, "store": tmp_path, **words}
        )

    assert sorted(ob.load(tmp_path).leaderboard()["optimizer"]) == ["sgd", label]


@pytest.mark.parametrize("budgets", [(100, None), (None, 100)])
def test_a_problem_is_compared_at_its_own_budget(tmp_path, budgets):
    """Beside runs of a problem's own budget those of another are left out, with a notice, and split
    no row.
    """
    for steps in budgets:
        ob.run([BOWL, "beale"], ["sgd", "adam"], lrs=[0.1], seeds=1, steps=steps, store=tmp_path)
    ob.run(["beale"], ["sgd"], lrs=[0.1], seeds=1, steps=50, store=tmp_path)
    alone = ob.run([BOWL, "beale"], ["sgd", "adam"], lrs=[0.1], seeds=1).leaderboard()

    with pytest.warns(
        Notice, match=r"5 runs at another budget .*beale at 50/100 steps.*--steps 50"
    ):
        found = ob.load(tmp_path).leaderboard()
    pd.testing.assert_frame_equal(found, alone)


def test_without_its_own_a_problem_is_compared_at_the_budget_of_most(tmp_path):
    """Where no run has the problem's own budget, that of most optimizers counts, of equals the
    largest.
    """
    for optimizers, steps in (
        (["sgd"], 70),
        (["sgd", "adam"], 20),
        (["sgd", "adam"], 40),
        (["sgd"], 60),
    ):
        ob.run([BOWL], optimizers, lrs=[0.1], seeds=1, steps=steps, store=tmp_path)
    shown, notes = ob.load(tmp_path).at_one_budget

    assert set(shown.table["budget"].to_pylist()) == {40}
    assert len(notes) == 1
    assert "4 runs" in notes[0]


def test_budgets_belong_to_problems():
    """Problems of different budgets are no variants of an optimizer: each has one row."""
    results = ob.run([BOWL, "beale", "rosenbrock"], ["sgd", "adam"], lrs=[0.01], seeds=1)

    assert results.table["budget"].to_pandas().nunique() > 1
    assert sorted(results.leaderboard()["optimizer"]) == ["adam", "sgd"]


def test_a_budget_is_written_only_where_it_differs(tmp_path):
    """Runs at another budget than their problem's are lines of their own there, and have the plain
    name elsewhere.
    """
    ob.run([BOWL, "beale"], ["sgd"], lrs=[0.1], seeds=1, store=tmp_path)
    ob.run(["beale"], ["sgd"], lrs=[0.1], seeds=1, steps=100, store=tmp_path)
    frame = ob.load(tmp_path).labelled
    own = {name: ob.get_problem(name).budget for name in ("beale", BOWL)}

    assert sorted(zip(frame["problem"], frame["budget"], frame["label"], strict=True)) == [
        ("beale", 100, "sgd (100 steps)"),
        ("beale", own["beale"], "sgd"),
        (BOWL, own[BOWL], "sgd"),
    ]
