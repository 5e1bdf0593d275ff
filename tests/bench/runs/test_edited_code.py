"""Stored runs of edited code: superseded by an edit, found again once it is taken back."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import optbench as ob
import pytest
from optbench.bench.runs.results import Results
from optbench.bench.runs.store import read
from optbench.kernels import schedule
from stored_sweep import execute, row_of, same


def shrunk(outcome):
    """By how much x shrank a step, of each optimizer's run on the bowl from losses of a single
    step.
    """
    runs = outcome.runs.set_index(outcome.runs["optimizer"].astype(str))
    return np.sqrt(runs["final_loss"] / runs["initial_loss"])["edited"]


EDITED = {
    "problems": ["quadratic"],
    "optimizers": ["edited", "untouched", "sgd"],
    "lrs": [0.1],
    "seeds": [0],
    "steps": 1,
}


def test_an_edited_rule_is_computed_again_alone(folder, rules):
    """After an edit to a rule its runs are computed anew, counted as superseded, and no other's."""
    rules(0.5)
    first = execute(folder, **EDITED)
    rules(0.25)
    second = execute(folder, **EDITED)

    assert (first.computed, first.superseded) == (3, 0)
    assert (second.computed, second.found, second.superseded) == (1, 2, 1)
    assert shrunk(second.results) == pytest.approx(0.25)


def test_load_gives_the_newest(folder, rules):
    """After an edit ob.load gives each run once, as the newest code computed it."""
    for factor in (0.5, 0.25):
        rules(factor)
        execute(folder, **EDITED)
    loaded = ob.load(folder)

    assert len(loaded) == 3
    assert shrunk(loaded) == pytest.approx(0.25)


def test_an_edit_taken_back_is_answered_by_its_own_runs(folder, rules):
    """After an edit and its reversal a sweep returns what the code as it stands computes, not the
    edit's runs.
    """
    for factor in (0.5, 0.25):
        rules(factor)
        execute(folder, **EDITED)
    rules(0.5)
    reverted = execute(folder, **EDITED)

    assert shrunk(reverted.results) == pytest.approx(0.5)


def test_load_after_an_edit_taken_back_gives_the_last_sweep(folder, rules):
    """After an edit and its reversal ob.load gives what the last sweep gave."""
    for factor in (0.5, 0.25, 0.5):
        rules(factor)
        last = execute(folder, **EDITED)

    assert shrunk(ob.load(folder)) == shrunk(last.results) == pytest.approx(0.5)


def test_an_edited_default_supersedes(folder):
    """After the default of a setting changes, its name means other runs: the old ones are
    superseded, not kept beside. Where the setting is given, nothing is another.
    """

    def with_default(value):
        space: dict = {}
        exec(
            f"def default_probe(x, g, lr=0.1, factor={value}):\n    return x - factor * lr * g",
            space,
        )
        space["default_probe"].__module__ = "a_test"
        return space["default_probe"]

    asked = {"problems": ["quadratic"], "lrs": [0.1], "seeds": [0], "steps": 1}
    ob.optimizer(with_default(1.0))
    execute(folder, optimizers=["default_probe", "default_probe[factor=3.0]"], **asked)
    ob.optimizer(with_default(2.0))
    second = execute(folder, optimizers=["default_probe", "default_probe[factor=3.0]"], **asked)
    loaded = ob.load(folder).runs

    assert (second.computed, second.superseded) == (1, 1)
    assert sorted(loaded["optimizer"]) == ["default_probe", "default_probe[factor=3.0]"]
    assert sorted(loaded["settings"]) == ['{"factor":2.0}', '{"factor":3.0}']


def test_an_edited_schedule_supersedes(folder, monkeypatch):
    """After an edit to a schedule's formula or default its runs are computed anew, those under
    other schedules found.
    """
    asked = {
        "problems": ["quadratic"],
        "optimizers": ["sgd"],
        "lrs": [0.1],
        "seeds": [0],
        "steps": 5,
    }
    execute(folder, schedule="cosine", **asked)
    execute(folder, schedule="linear", **asked)
    monkeypatch.setitem(
        schedule.SCHEDULES, "cosine", lambda steps, final=0.5: np.full(steps, final)
    )
    edited, other = (
        execute(folder, schedule="cosine", **asked),
        execute(folder, schedule="linear", **asked),
    )

    assert (edited.computed, edited.superseded) == (1, 1)
    assert (other.computed, other.found) == (0, 1)


def test_an_unchanged_file_is_no_edit(folder, rules):
    """An unchanged file is not an edit: the same text written again supersedes nothing."""
    for _ in range(2):
        rules(0.5)
        last = execute(folder, **EDITED)

    assert (last.computed, last.superseded) == (0, 0)


@pytest.mark.slow
def test_an_edit_to_a_rule_of_ours_supersedes_its_runs_alone(tmp_path):
    """After an edit to kernels/update/sgd.py the command computes sgd's runs anew, says so, and
    finds momentum's.
    """
    root = Path(ob.__file__).parent
    for file in root.rglob("*.py"):
        inside = file.relative_to(root)
        if inside.parts[0] in ("kernels", "problems", "bench", "__init__.py"):
            (tmp_path / "optbench" / inside).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "optbench" / inside).write_text(file.read_text())
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "OPTBENCH_CACHE_DIR": str(tmp_path / "cache"),
    }
    words = [
        "run",
        "-p",
        "quadratic",
        "-o",
        "sgd,momentum",
        "--lr",
        "0.1,0.2",
        "--seeds",
        "2",
        "--steps",
        "20",
    ]
    code = (
        "import sys, optbench.bench.cli.main as cli; assert"
        " cli.__file__.startswith(sys.argv.pop(1)); cli.main()"
    )
    command = [sys.executable, "-c", code, str(tmp_path), *words, "--no-figures", "--quiet"]

    def said():
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )
        assert (done.stderr, done.returncode) == ("", 0)
        return " ".join(done.stdout.split())

    def stored():
        # ob.load would leave out what this process's own code, without the edit, wouldn't give
        return Results([read(tmp_path / "results/runs")]).runs

    first = said()
    before = stored()
    rule = tmp_path / "optbench/kernels/update/sgd.py"
    rule.write_text(rule.read_text().replace("x - lr * g", "x - 0.5 * lr * g"))
    second = said()
    after = stored()

    assert "8 runs computed" in first
    assert all(
        words in second for words in ("4 runs computed", "4 found", "4 stored ones superseded")
    )
    assert same(before[before["optimizer"] == "momentum"], after[after["optimizer"] == "momentum"])
    assert (row_of(before, optimizer="sgd", lr=0.1, seed=0)["final_loss"]) == pytest.approx(
        row_of(after, optimizer="sgd", lr=0.2, seed=0)["final_loss"]
    )
