"""What comes of a sweep: the data frames that scripts outside the repository rely on."""

from dataclasses import replace

import numpy as np
import optbench as ob
import pandas as pd
import pytest
from optbench.bench.terminal.notices import Notice
from stored_sweep import BOWL, LRS

CURVE_KEYS = ["problem", "optimizer", "settings", "lr", "schedule", "seed"]


def test_runs_has_the_columns_of_the_contract(results):
    """`runs` has one row a run and exactly the columns that scripts rely on, in their order."""
    words = (
        "problem optimizer settings lr schedule seed dtype status steps evaluations initial_loss"
        " final_loss best_loss gap steps_to_target evaluations_to_target ns_per_step error"
    )

    assert results.runs.columns.tolist() == words.split()
    assert len(results.runs) == len(results) == 9


def test_curves_has_the_columns_of_the_contract(results):
    """`curves` is long: the run's columns, step and loss."""
    assert results.curves.columns.tolist() == [*CURVE_KEYS, "step", "loss"]


def test_hits_has_the_columns_of_the_contract(results):
    """`hits` is long: the run's columns, target, step and evaluation."""
    assert results.hits.columns.tolist() == [*CURVE_KEYS, "target", "step", "evaluation"]


def test_numbers_have_the_types_of_the_contract(results):
    """Counts are integers, losses float64, and the counts that may be missing nullable integers."""
    kinds = results.runs.dtypes.astype(str)

    assert kinds[["seed", "steps", "evaluations"]].eq("int64").all()
    assert (
        kinds[["lr", "initial_loss", "final_loss", "best_loss", "gap", "ns_per_step"]]
        .eq("float64")
        .all()
    )
    assert kinds[["steps_to_target", "evaluations_to_target"]].eq("Int64").all()
    assert results.curves.dtypes.astype(str)[["seed", "step", "loss"]].tolist() == [
        "int64",
        "int64",
        "float64",
    ]
    assert results.hits.dtypes.astype(str)[["target", "step", "evaluation"]].tolist() == [
        "float64",
        "int64",
        "int64",
    ]


def test_frames_name_nothing_else(tmp_path):
    """The categories of a frame are the names in it, also where the store holds others: nothing is
    counted as 0.
    """
    ob.run(
        ["quadratic", "rosenbrock"], ["sgd", "adam"], lrs=[0.1], seeds=1, steps=3, store=tmp_path
    )
    runs = ob.run(["quadratic"], ["sgd"], lrs=[0.1], seeds=1, steps=3, store=tmp_path).runs

    assert runs["optimizer"].value_counts().to_dict() == {"sgd": 1}
    assert runs["problem"].value_counts().to_dict() == {"quadratic": 1}


@pytest.mark.parametrize("frame", ["runs", "curves", "hits"])
def test_frames_are_numbered_from_zero(results, frame):
    """The index of every frame is 0, 1, 2, ..."""
    index = getattr(results, frame).index

    assert index.equals(pd.RangeIndex(len(index)))


def test_frames_keep_their_shape_without_runs(tmp_path):
    """The frames of an empty folder have all columns and no rows."""
    empty = ob.load(tmp_path)

    assert (empty.runs.shape, empty.curves.shape, empty.hits.shape) == ((0, 18), (0, 8), (0, 9))


def test_a_rule_without_lr_is_run_once_a_seed(plugin):
    """A rule without lr gets one run a seed, its lr null, whatever learning rates the others
    get.
    """
    runs = ob.run(["quadratic"], ["halving", "sgd"], lrs=[0.1, 0.2], seeds=3, steps=20).runs
    own = runs[runs["optimizer"] == "halving"]

    assert own["lr"].isna().all()
    assert own["seed"].tolist() == [0, 1, 2]
    np.testing.assert_allclose(own["final_loss"], own["initial_loss"] * 0.25**20)


def test_a_rule_without_lr_has_curves_and_a_place(plugin):
    """Runs without lr are in curves, hits and the leaderboard like any other."""
    results = ob.run(["quadratic"], ["halving", "sgd"], lrs=[0.1], seeds=3, steps=20)

    assert (results.curves["optimizer"] == "halving").sum() == 3 * 21
    assert (results.hits["optimizer"] == "halving").sum() == 3 * 3
    assert results.leaderboard()["optimizer"].tolist() == ["halving", "sgd"]


@pytest.mark.parametrize(
    "asked",
    [("broken_problem", "sgd"), ("quadratic", "broken_rule"), ("broken_problem", "broken_rule")],
)
def test_a_failed_run_is_a_row_with_its_reason(plugin, asked):
    """A run that can't be computed is a row with status "failed", a reason of one line, and no
    numbers.

    Where all are, an error says why, and has the rows.
    """
    with pytest.raises(
        RuntimeError, match=f"every run failed: {asked[1]} on {asked[0]}, 4 runs: ."
    ) as caught:
        ob.run([asked[0]], [asked[1]], lrs=[0.1, 0.2], seeds=2, steps=20)
    results = caught.value.results

    assert results.runs["status"].tolist() == ["failed"] * 4
    assert results.runs["error"].str.len().gt(10).all()
    assert not results.runs["error"].str.contains("\n").any()
    assert (
        results.runs[["initial_loss", "final_loss", "best_loss", "gap", "steps_to_target"]]
        .isna()
        .all(axis=None)
    )
    assert (len(results.curves), len(results.hits)) == (0, 0)


def test_a_failed_run_takes_nothing_with_it(plugin):
    """Beside failed runs all others have the rows that they have without them."""
    options = {"lrs": [0.1], "seeds": 2, "steps": 20}
    with pytest.warns(Notice) as caught:
        mixed = ob.run(["broken_problem", "quadratic"], ["broken_rule", "sgd"], **options)
    clean = ob.run(["quadratic"], ["sgd"], **options)
    same = clean.runs.columns.drop("ns_per_step")
    kept = mixed.runs[mixed.runs["status"] != "failed"].reset_index(drop=True)

    assert mixed.runs["status"].value_counts()["failed"] == 6
    said = sorted(str(one.message).partition(" runs: ")[0] for one in caught)
    assert said == [
        "failed: broken_rule on quadratic, 2",
        "failed: broken_rule, sgd on broken_problem, 4",
    ]
    assert {one.filename for one in caught} == {__file__}
    assert kept[same].astype(object).equals(clean.runs[same].astype(object))
    assert mixed.curves.astype(object).equals(clean.curves.astype(object))


def test_a_run_that_did_not_fail_has_no_error(results):
    """Runs that were computed have an empty error."""
    assert (results.runs["error"].astype(str) == "").all()


def test_a_start_without_a_finite_loss_is_diverged():
    """A run whose first loss isn't finite is diverged at step 0, with a curve of one point."""
    problem = ob.get_problem(BOWL)
    beyond = replace(problem, center=problem.center * 1e200, levels=(1e-3,))
    results = ob.run([beyond], ["sgd"], lrs=[0.1], seeds=1, steps=5)

    assert results.runs[["status", "steps"]].to_numpy().tolist() == [["diverged", 0]]
    assert results.curves["step"].tolist() == [0]


@pytest.mark.parametrize("frame", ["runs", "curves", "hits"])
def test_loaded_results_equal_those_that_were_run(tmp_path, frame):
    """ob.load gives the frames that ob.run returned, value for value, also for rules without
    learning rate.
    """
    run = ob.run(
        ["rosenbrock", BOWL],
        ["sgd", "adam[beta1=0.5]"],
        lrs=list(LRS.values()),
        seeds=3,
        steps=50,
        store=tmp_path,
    )
    loaded = ob.load(tmp_path)

    pd.testing.assert_frame_equal(
        getattr(loaded, frame), getattr(run, frame), check_exact=True, check_categorical=False
    )


def test_loaded_runs_without_lr_equal_those_that_were_run(plugin, tmp_path):
    """A null lr survives the store, and such a run is found there again."""
    asked = {
        "problems": ["quadratic"],
        "optimizers": ["halving"],
        "seeds": 2,
        "steps": 20,
        "store": tmp_path / "runs",
    }
    run, again = ob.run(**asked), ob.run(**asked)

    pd.testing.assert_frame_equal(
        ob.load(tmp_path / "runs").runs, run.runs, check_exact=True, check_categorical=False
    )
    pd.testing.assert_frame_equal(again.runs, run.runs, check_exact=True, check_categorical=False)


def test_loaded_results_have_the_same_leaderboard(tmp_path):
    """The leaderboard of loaded runs is that of the run."""
    run = ob.run(
        [BOWL, "rosenbrock"],
        ["sgd", "adam"],
        lrs=[0.01, 0.1, 1.0],
        seeds=3,
        steps=200,
        store=tmp_path,
    )

    pd.testing.assert_frame_equal(
        ob.load(tmp_path).leaderboard(), run.leaderboard(), check_exact=True
    )


def test_a_folder_that_is_not_there_says_how_to_make_one(tmp_path):
    """ob.load of a missing folder raises a ValueError that names it and the command that makes
    one.
    """
    with pytest.raises(ValueError, match=r"nowhere.*optbench run"):
        ob.load(tmp_path / "nowhere")
