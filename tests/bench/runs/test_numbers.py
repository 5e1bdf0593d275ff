"""The numbers of a run: losses, steps, targets and gaps, against plain loops."""

import json
from dataclasses import replace

import numpy as np
import optbench as ob
import pandas as pd
import pytest
from stored_sweep import BOWL, LRS, STEPS


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
