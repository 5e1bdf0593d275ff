"""The convergence that asv tracks: medians over seeds, misses, failures, names."""

import math
from statistics import median

import optbench as ob
import pandas as pd
import pytest

SMALL = ("quadratic", "rosenbrock"), ("adam", "sgd")
PAIRS = [(problem, optimizer) for problem in SMALL[0] for optimizer in SMALL[1]]


@pytest.fixture(scope="module")
def entries(suite):
    return suite.convergence.sweep(*SMALL)


def test_every_entry_is_a_number_that_asv_compares(suite, entries):
    """A sweep fills all its entries, with finite and strictly positive Python floats."""
    problems, optimizers = SMALL
    values = [value for entry in entries.values() for value in entry.values()]

    assert set(entries) == {
        (p, o, lr) for p in problems for o in optimizers for lr in suite.convergence.LRS
    }
    assert {type(value) for value in values} == {float}
    assert all(0 < value < math.inf for value in values)


def test_a_miss_is_ten_budgets(suite, entries):
    """Adam at lr 1e-3 cannot solve Rosenbrock's function from all starts: exactly 10 x its
    budget.
    """
    assert (
        entries["rosenbrock", "adam", "1.0e-03"]["steps_to_target"]
        == 10 * ob.get_problem("rosenbrock").budget
    )


def test_a_divergence_is_a_miss_with_a_capped_gap(suite, entries):
    """Gradient descent at lr 1 leaves Rosenbrock's valley for good."""
    expected = {
        "steps_to_target": 10.0 * ob.get_problem("rosenbrock").budget,
        "best_gap": suite.convergence.CAP,
    }
    found = entries["rosenbrock", "sgd", "1.0e+00"]

    assert found.items() > expected.items()
    assert found["diverged"] == 1 + suite.convergence.SEEDS
    assert found["fingerprint"] == pytest.approx(suite.fingerprint.CAP)


def test_entries_are_medians_of_the_runs(suite, entries):
    """A solved entry is the median over seeds of steps to target, and of the best loss less f*."""
    runs = ob.run(["rosenbrock"], ["adam"], lrs=[0.01], seeds=suite.convergence.SEEDS).runs
    assert runs["steps_to_target"].notna().all()

    entry = entries["rosenbrock", "adam", "1.0e-02"]
    assert entry["steps_to_target"] == median(runs["steps_to_target"])
    assert entry["best_gap"] == max(median(runs["best_loss"]), suite.convergence.FLOOR)
    assert entry["diverged"] == 1


def frame(**columns):
    """Runs of one entry as a data frame, three seeds."""
    columns = {
        "problem": "xor",
        "optimizer": "adam",
        "lr": 0.01,
        "status": "budget",
        "error": "",
        **columns,
    }
    columns = {
        "best_loss": [9.0, 1.0, 2.0],
        "steps_to_target": [pd.NA, pd.NA, 5],
        "ns_per_step": [3.0, 2.0, 2.5],
        **columns,
    }
    return pd.DataFrame(columns, index=range(3)).astype({"steps_to_target": "Int64"})


def test_misses_take_part_in_the_median(suite):
    """Two seeds of three miss: the entry is a miss, its gap still the middle one."""
    found = suite.convergence.summary(frame(), steps=100, minimum=0.5)

    expected = {"steps_to_target": 1000.0, "best_gap": 1.5, "diverged": 1.0}

    assert found == {("xor", "adam", "1.0e-02"): expected}


def test_a_gap_has_a_floor_and_a_target_met_at_the_start_counts_one(suite):
    """Nothing that is tracked is zero."""
    runs = frame(best_loss=[0.5, 0.5, 0.5], steps_to_target=[0, 0, 0])
    (entry,) = suite.convergence.summary(runs, steps=100, minimum=0.5).values()

    assert (entry["steps_to_target"], entry["best_gap"]) == (1.0, suite.convergence.FLOOR)


def test_a_rule_without_learning_rate_stands_at_one(suite):
    """Runs whose lr is missing fill one entry, not none and not all."""
    found = suite.convergence.summary(frame(lr=math.nan), steps=100, minimum=0.5)

    assert list(found) == [("xor", "adam", "1.0e+00")]


def test_a_failure_fails_its_entry_alone(suite):
    """Failed runs leave a text in their entry, which raises when read; the other entries stay
    numbers.
    """
    runs = pd.concat([frame(), frame(optimizer="sgd", status="failed", error="it broke")])
    found = suite.convergence.summary(runs, steps=100, minimum=0.5)

    assert suite.convergence.Convergence().track_best_gap(found, "xor", "adam", "1.0e-02") == 1.5
    with pytest.raises(RuntimeError, match="it broke"):
        suite.convergence.Convergence().track_best_gap(found, "xor", "sgd", "1.0e-02")


def test_a_crash_fails_its_problem_alone(suite, monkeypatch):
    """An exception in one problem's sweep leaves the other problems' numbers."""
    run = ob.run
    monkeypatch.setattr(
        ob,
        "run",
        lambda problems, *a, **k: 1 / 0 if problems == ["rosenbrock"] else run(problems, *a, **k),
    )
    found = suite.convergence.sweep(*SMALL)

    assert {type(entry) for key, entry in found.items() if key[0] == "rosenbrock"} == {str}
    assert {type(entry) for key, entry in found.items() if key[0] == "quadratic"} == {dict}


def test_a_package_that_cannot_be_loaded_is_no_commit_without_names(suite, monkeypatch):
    """Where nothing is found, not even what every commit has, the reason is raised instead of n/a
    for every entry.
    """

    def broken(name):
        raise ValueError("plugin 'mine' can't be loaded")

    monkeypatch.setattr(ob, "get_optimizer", broken)
    with pytest.raises(ValueError, match="can't be loaded"):
        suite.convergence.sweep(*SMALL)
    with pytest.raises(ValueError, match="can't be loaded"):
        suite.speed.measure(PAIRS)


def test_entries_are_named_as_they_are_asked_for(suite):
    """A setting written out that is the commit's default leaves the curve its name: another
    commit's default may differ.
    """
    plain = suite.convergence.sweep(("rosenbrock",), ("adam",), ("1.0e-02",))
    found = suite.convergence.sweep(("rosenbrock[dim=2]",), ("adam[beta1=0.9]",), ("1.0e-02",))
    (entry,) = plain.values()
    (spelled,) = found.values()

    assert list(found) == [("rosenbrock[dim=2]", "adam[beta1=0.9]", "1.0e-02")]
    assert {name: spelled[name] for name in entry} == entry
    assert "fingerprint" in entry


def test_what_a_commit_lacks_is_not_applicable(suite):
    """An optimizer or problem that an old commit does not have is n/a there, for convergence and
    for speed.
    """
    skip = pytest.importorskip("asv_runner.benchmarks.mark").SkipNotImplemented
    found = suite.convergence.sweep(("no_problem", "quadratic"), ("no_optimizer", "sgd"))

    assert {key[:2] for key in found} == {("quadratic", "sgd")}
    with pytest.raises(skip):
        suite.convergence.Convergence().track_steps_to_target(
            found, "quadratic", "no_optimizer", "1.0e-02"
        )
    with pytest.raises(skip):
        suite.speed.Speed().track_step_time(found, "no_problem", "sgd")
    assert suite.speed.measure([("no_problem", "sgd"), ("quadratic", "no_optimizer")]) == []
