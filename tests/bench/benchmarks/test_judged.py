"""What `optbench history check` asks a commit for: entries, names, memory, and reasons."""

import math
import os
from pathlib import Path

import optbench as ob
import pytest
from optbench.bench.history import suite_values
from optbench.kernels.schedule import SCHEDULES

ROOT = Path(__file__).resolve().parents[3]


def test_the_history_reads_what_the_suite_writes(suite):
    """The history's texts and bounds for the suite's answers are the suite's own, which can't
    import them.
    """
    names = ("OWN", "NUDGE", "FLOOR", "CAP")

    assert [getattr(suite_values, name) for name in names] == [
        getattr(suite.fingerprint, name) for name in names
    ]
    assert (suite_values.FLOOR, suite_values.CAP) == (
        suite.convergence.FLOOR,
        suite.convergence.CAP,
    )
    losses = [0.0, -2.0, 1e-13, 1e11, math.inf, -math.inf, math.nan]
    assert [suite_values.size(loss) for loss in losses] == [
        suite.fingerprint.size(loss) for loss in losses
    ]
    for times in ([1.0, 2.0], [1.0, "not there", "neither"], []):
        assert suite_values.first_reason(times) == suite.speed.first_reason(times)


def test_the_regression_check_gets_runs_and_state(suite):
    """Of each entry: its fingerprint, what decides its late numbers seed by seed, the bytes of x
    and slots.
    """
    found = suite.judged.entries(
        ["quadratic", "no_problem"], ["adam", "no_optimizer"], ["1.0e-02"], "constant", "float64"
    )
    (entry,) = found.values()
    runs = ob.run(
        ["quadratic"], ["adam"], lrs=[0.01], seeds=suite.convergence.SEEDS, steps=1000
    ).runs

    assert list(found) == [("quadratic", "adam", "1.0e-02")]
    assert entry["state"] == 3 * 8 * ob.get_problem("quadratic").dim
    assert [run[2] for run in entry["runs"]] == runs.sort_values("seed")["final_loss"].tolist()
    assert len(entry["sizes"]) == 2 * suite.convergence.SEEDS


def test_a_commit_names_what_it_brings(suite):
    """All rules, other libraries' presets, problems with their coordinates and schedules; of
    another folder nothing.
    """
    ours = suite.names.own(str(ROOT))
    elsewhere = suite.names.own(str(ROOT / "tests"))

    assert set(ours["optimizers"]) >= {*ob.list_optimizers(), "torch:adam", "optax:lion"}
    assert ours["problems"]["rosenbrock"] == 2
    assert set(ours["schedules"]) == set(SCHEDULES)
    assert elsewhere == {"optimizers": [], "problems": {}, "schedules": []}


def test_what_a_broken_plugin_would_bring_is_not_merely_lacking(suite, tmp_path, monkeypatch):
    """A commit without a name is measured without it; where its own plugin can't be imported,
    nobody knows that. Another package's doesn't matter.
    """
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["elsewhere", str(tmp_path)]))
    (tmp_path / "broken-1.dist-info").mkdir()
    (tmp_path / "broken-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: broken\nVersion: 1\n"
    )
    (tmp_path / "broken-1.dist-info" / "entry_points.txt").write_text(
        "[optbench.problems]\nbroken = no_such_module_at_all\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    assert suite.present(["quadratic", "no_problem"], ["adam"]) == (["quadratic"], ["adam"])

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), "elsewhere"]))

    assert suite.present(["quadratic"], ["adam"]) == (["quadratic"], ["adam"])
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
        suite.present(["quadratic", "no_problem"], ["adam"])


def test_a_process_that_fails_says_why(suite):
    """A measuring process's last line of errors reaches the one that started it."""
    with pytest.raises(RuntimeError, match="no such luck"):
        suite.fresh(["-c", "raise SystemExit('no such luck')"])


def broken(x, g, t, lr=0.5):
    """A rule of a learning rate of its own, whose every run fails: nothing has the name."""
    return x - lr * no_such_name(g)  # noqa: F821  # pyright: ignore[reportUndefinedVariable]


@pytest.mark.filterwarnings("ignore:failed")
def test_a_broken_rule_leaves_the_others_their_curves(suite, registries):
    """Even where it runs alone, since its default rate is its own: every other rule of the problem
    has its numbers.
    """
    ob.optimizer(broken)
    found = suite.judged.entries(
        ["quadratic"], ["sgd", "adam", "broken"], ["default", "1.0e-02"], "constant", "float64"
    )

    assert {key[1:] for key, entry in found.items() if isinstance(entry, str)} == {
        ("broken", "default"),
        ("broken", "1.0e-02"),
    }
    assert all("no_such_name" in found["quadratic", "broken", lr] for lr in ("default", "1.0e-02"))
    assert len(found) == 6


def test_a_broken_rule_ends_no_measure_of_memory(suite):
    """Its pairs are named, and so are those that aren't there; the others' memory is measured."""
    ob.optimizer(broken)
    size, lost = suite.startup.peak(
        [("quadratic", "sgd"), ("quadratic", "broken"), ("quadratic", "no_such_rule")]
    )

    assert size > 1e7
    assert lost == [("quadratic", "broken"), ("quadratic", "no_such_rule")]
