"""The example package of examples/plugin, as tests copy, change, call and run it."""

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import optbench as ob
from optbench.bench.terminal.notices import Notice

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "plugin"
PACKAGE = EXAMPLE / "src" / "optbench_example"
STEEPER = ("-abs(change)", "-2 * abs(change)")
"""An edit to the helper's module that changes what the rule computes."""
NO_CODE = shutil.ignore_patterns(
    *["__pycache__", "*.egg-info", "build", ".*", "tests", "docs", "results", "examples"]
)


def call(command, cwd, **environment):
    """Run a command, warnings as errors -> the finished process."""
    environment = {**os.environ, "PYTHONWARNINGS": "error", "COLUMNS": "200", **environment}
    return subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, timeout=600
    )


def edit(file, old, new):
    assert file.read_text().count(old) == 1, f"{old!r} is not unique in {file}"
    file.write_text(file.read_text().replace(old, new))


def stored(folder):
    """The runs that a command stored in this folder; its rule isn't known to the process of the
    tests.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Notice)
        return ob.load(folder / "results" / "runs").runs


def final_losses(folder):
    """The stored runs' final losses, by optimizer, problem, lr and seed."""
    runs = stored(folder)
    return runs.set_index(["optimizer", "problem", "lr", "seed"])["final_loss"].sort_index()
