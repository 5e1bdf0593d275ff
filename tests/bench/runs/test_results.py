"""What comes of a sweep: the data frames that scripts outside the repository rely on."""

import json
from dataclasses import replace

import numpy as np
import optbench as ob
import pandas as pd
import pytest
from optbench.bench.plugins import discovery
from optbench.bench.terminal.notices import Notice

CURVE_KEYS = ["problem", "optimizer", "settings", "lr", "schedule", "seed"]
STEPS = 100
LRS = {"budget": 1e-3, "solved": 1.0, "diverged": 1e3}
"""How sgd ends on the well-conditioned bowl at a learning rate."""
BOWL = "quadratic[condition=10.0]"

PLUGIN = '''
import numpy as np
import optbench as ob


@ob.optimizer
def halving(x, g):
    """Halves x, whatever the gradient: a rule without lr."""
    return 0.5 * x


@ob.optimizer
def broken_rule(x, g, lr=0.1):
    """Can't be compiled: adds a text to a number."""
    return x - lr * g + "text"


def broken_formula(x, g):
    return x.there_is_no_such_thing


@ob.problem
def broken_problem(dim=2):
    """Can't be compiled either."""
    center = np.ones(dim)
    return ob.Problem(
        formula=broken_formula, center=center, spread=0.1, budget=10, source="none", minimum=0.0
    )
'''


@pytest.fixture
def plugin(tmp_path):
    """Optimizers `halving` and `broken_rule` and problem `broken_problem`."""
    file = tmp_path / "results_plugin.py"
    file.write_text(PLUGIN)
    discovery.load_file(file)


@pytest.fixture(scope="module")
def results():
    """sgd on the bowl at a learning rate too small, right and too large, three seeds each."""
    return ob.run([BOWL], ["sgd"], lrs=list(LRS.values()), seeds=3, steps=STEPS)


@pytest.fixture(scope="module")
def twin():
    """The losses of gradient descent at every step by a plain NumPy loop: {(lr, seed): losses}."""
    eigenvalues = 10.0 ** np.linspace(-1.0, 0.0, 10)
    losses = {}
    for lr in LRS.values():
        for seed in range(3):
            x = ob.get_problem(BOWL).start(seed)
            found = []
            for _ in range(STEPS + 1):
                found.append(0.5 * np.sum(eigenvalues * x**2))
                if found[-1] > found[0] + 1e10 * max(1.0, found[0]):
                    break
                x = x - lr * eigenvalues * x
            losses[lr, seed] = np.array(found)
    return losses


def each(frame):
    """The rows of every run of a frame: {(lr, seed): rows}."""
    return dict(iter(frame.groupby(["lr", "seed"])))


# ---------------------------------------------------------------------------------------------- the
# frames' shape


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


# ---------------------------------------------------------------------------------------------- the
# numbers


@pytest.mark.parametrize(("status", "lr"), LRS.items())
def test_status_says_how_a_run_ended(results, status, lr):
    """A run is "solved" where it met the last target, "diverged" where it ran away, else
    "budget".
    """
    found = results.runs.loc[results.runs["lr"] == lr, "status"]

    assert found.tolist() == [status] * 3


def test_losses_equal_a_plain_loop(results, twin):
    """initial_loss, final_loss and best_loss are those of a plain NumPy loop."""
    found = results.runs.set_index(["lr", "seed"])[["initial_loss", "final_loss", "best_loss"]]
    expected = {key: (losses[0], losses[-1], losses.min()) for key, losses in twin.items()}

    np.testing.assert_allclose(found.to_numpy(), [expected[key] for key in found.index], rtol=1e-10)


def test_steps_count_updates_until_the_end(results, twin):
    """`steps` and, for a rule of one gradient a step, `evaluations` count the updates until the run
    ended.
    """
    found = results.runs.set_index(["lr", "seed"])
    expected = [len(twin[key]) - 1 for key in found.index]

    assert found["steps"].tolist() == expected
    assert found["evaluations"].tolist() == expected


def test_curves_equal_a_plain_loop(results, twin):
    """Every recorded loss is that of a plain NumPy loop at that step."""
    for key, rows in each(results.curves).items():
        np.testing.assert_allclose(rows["loss"], twin[key][rows["step"]], rtol=1e-10)

    assert set(each(results.curves)) == set(twin)


def test_curves_begin_at_the_start_and_end_with_the_run(results):
    """A curve's first step is 0, its last that of the run's end, and there is nothing after it."""
    ends = results.runs.set_index(["lr", "seed"])["steps"]
    found = {
        key: (rows["step"].iloc[0], rows["step"].iloc[-1])
        for key, rows in each(results.curves).items()
    }

    assert found == {key: (0, end) for key, end in ends.items()}


def test_curves_end_with_the_final_loss(results):
    """A curve's first and last loss are the run's initial_loss and final_loss."""
    runs = results.runs.set_index(["lr", "seed"])
    for key, rows in each(results.curves).items():
        assert rows["loss"].iloc[0] == runs.loc[key, "initial_loss"]
        assert rows["loss"].iloc[-1] == runs.loc[key, "final_loss"]

    assert len(each(results.curves)) == len(runs)


def test_steps_of_a_curve_ascend(results):
    """No step of a run is recorded twice, and steps ascend within a run."""
    assert all((np.diff(rows["step"]) > 0).all() for rows in each(results.curves).values())


def test_a_run_that_ends_between_recorded_steps_has_its_end():
    """The end of a run is in its curve also where it is no recorded step."""
    results = ob.run([BOWL], ["sgd"], lrs=[0.9, 0.8, 0.7, 0.6], seeds=5, steps=5000, stop="target")
    ends = results.runs.set_index(["lr", "seed"])["steps"]
    full = ob.run([BOWL], ["sgd"], lrs=[0.9], seeds=1, steps=5000).curves["step"]
    found = {key: rows["step"].max() for key, rows in each(results.curves).items()}

    assert not ends.isin(full).all(), "no run ends off the grid: the test is void"
    assert found == ends.to_dict()


def test_steps_to_target_is_the_first_step_at_the_last_target(results, twin):
    """steps_to_target and evaluations_to_target count updates to the last target, missing where it
    was not met.
    """
    last = ob.get_problem(BOWL).targets[-1]
    runs = results.runs.set_index(["lr", "seed"])
    met = {
        key: int(np.argmax(losses <= last)) if (losses <= last).any() else None
        for key, losses in twin.items()
    }

    assert [met[key] for key in runs.index] == [
        None if pd.isna(n) else n for n in runs["steps_to_target"]
    ]
    assert runs["evaluations_to_target"].equals(
        runs["steps_to_target"].rename("evaluations_to_target")
    )


def test_hits_are_the_first_steps_at_each_target(results, twin):
    """`hits` has a row for every target that a run met, with the first step at which it did, and no
    other.
    """
    expected = {
        (lr, seed, target, int(np.argmax(losses <= target)))
        for (lr, seed), losses in twin.items()
        for target in ob.get_problem(BOWL).targets
        if (losses <= target).any()
    }
    rows = results.hits[["lr", "seed", "target", "step"]].itertuples(index=False, name=None)

    assert sorted(rows) == sorted(expected)
    assert (results.hits["evaluation"] == results.hits["step"]).all()


def test_stop_at_target_ends_the_run_there():
    """With stop="target" a run ends at the step at which it first meets its last target."""
    options = {"problems": [BOWL], "optimizers": ["sgd"], "lrs": [1.0], "seeds": 3, "steps": STEPS}
    stopped, whole = ob.run(**options, stop="target").runs, ob.run(**options).runs

    assert stopped["status"].tolist() == ["solved"] * 3
    assert stopped["steps"].tolist() == whole["steps_to_target"].tolist()
    assert (stopped["steps"] < whole["steps"]).all()


def test_gap_is_final_loss_over_the_minimum():
    """gap is final_loss - f*, for a problem whose f* isn't 0."""
    runs = ob.run(["linear_regression"], ["sgd"], lrs=[1e-3, 1e-1], seeds=2, steps=50).runs
    minimum = ob.get_problem("linear_regression").minimum

    assert minimum > 0.1
    assert runs["gap"].tolist() == (runs["final_loss"] - minimum).tolist()


def test_gap_is_never_negative():
    """A loss below the known minimum is a gap of 0."""
    raised = replace(ob.get_problem(BOWL), minimum=0.5)
    runs = ob.run([raised], ["sgd"], lrs=[1.0], seeds=2, steps=STEPS).runs

    assert (runs["final_loss"] < 0.5).all()
    assert runs["gap"].tolist() == [0.0, 0.0]


def test_gap_is_missing_without_a_minimum():
    """Where f* is unknown there is no gap and no target, and a run ends with its budget."""
    results = ob.run(
        [replace(ob.get_problem(BOWL), minimum=None)], ["sgd"], lrs=[1.0], seeds=2, steps=STEPS
    )

    assert results.runs["gap"].isna().all()
    assert results.runs["steps_to_target"].isna().all()
    assert results.runs["status"].tolist() == ["budget"] * 2
    assert len(results.hits) == 0


def test_time_is_told_per_step(results):
    """ns_per_step is a positive, finite number."""
    assert ((results.runs["ns_per_step"] > 0) & np.isfinite(results.runs["ns_per_step"])).all()


def test_settings_are_canonical_json():
    """settings is JSON with all settings but lr, defaults written out, keys sorted and no
    spaces.
    """
    runs = ob.run(["quadratic"], ["adam[eps=1e-6,beta1=0.5]"], lrs=[0.1], seeds=1, steps=2).runs

    assert runs["settings"].tolist() == ['{"beta1":0.5,"beta2":0.999,"eps":1e-06}']
    assert json.loads(runs["settings"].iloc[0]) == {"beta1": 0.5, "beta2": 0.999, "eps": 1e-6}


def test_rows_tell_what_was_asked():
    """problem, optimizer, lr, schedule, seed and dtype are what was asked, in the grammar, defaults
    left out.
    """
    results = ob.run(
        ["rosenbrock[dim=2]"],
        ["adam[beta2=0.99,beta1=0.9]"],
        lrs=[0.01],
        seeds=[3],
        steps=5,
        schedule="cosine[final=0.5]",
        dtype="float32",
    )
    row = results.runs.iloc[0]
    asked = ["rosenbrock", "adam[beta2=0.99]", 0.01, "cosine[final=0.5]", 3, "float32"]

    assert row[["problem", "optimizer", "lr", "schedule", "seed", "dtype"]].tolist() == asked


def test_order_of_rows_is_that_of_names_and_numbers():
    """Runs come sorted by problem, optimizer, lr and seed, whatever the order in which they were
    asked or computed.
    """
    keys = ["problem", "optimizer", "lr", "seed"]
    given = ob.run(
        ["rosenbrock", "quadratic"],
        ["sgd", "adam"],
        lrs=[0.1, 0.01],
        seeds=[2, 0],
        steps=3,
        workers=2,
    ).runs
    plain = given[keys].astype({"problem": str, "optimizer": str})

    pd.testing.assert_frame_equal(plain, plain.sort_values(keys, ignore_index=True))


def test_numbers_depend_on_no_companion():
    """A run's row and curve are the same bits whether it is computed alone, with others, or by more
    threads.
    """
    alone = ob.run(["rosenbrock"], ["adam"], lrs=[0.01], seeds=[2], steps=STEPS, workers=1)
    amid = ob.run(
        ["xor", "rosenbrock"], ["sgd", "adam"], lrs=[0.3, 0.01], seeds=40, steps=STEPS, workers=2
    )
    same = alone.runs.columns.drop("ns_per_step")
    for one, many in (
        (alone.runs[same], amid.runs[same]),
        (alone.curves, amid.curves),
        (alone.hits, amid.hits),
    ):
        own = many[
            (many["problem"] == "rosenbrock")
            & (many["optimizer"] == "adam")
            & (many["lr"] == 0.01)
            & (many["seed"] == 2)
        ]
        assert one.astype(object).equals(own.reset_index(drop=True).astype(object))

    assert len(alone) == 1


# ---------------------------------------------------------------------------------------------- odd
# runs


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


# ----------------------------------------------------------------------------------------------
# stored and loaded


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
