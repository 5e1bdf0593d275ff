"""Throw-away repositories with values as asv keeps them, and `optbench history plot` of them."""

import contextlib
import json
import re
import subprocess

from asv_history import ENVIRONMENT, STEPS, listed, stored
from click.testing import CliRunner
from git_repository import git
from optbench.bench.cli.main import main

RULES = ["adam", "sgd"]
OLD = ENVIRONMENT.replace("numba0.68.1", "numba0.67.0")


def repository(root):
    git(root, "init", "-q", "-b", "main")
    settings = {"version": 1, "project": "mine", "repo": ".", "results_dir": "results/asv"}
    (root / "asv.conf.json").write_text(json.dumps(settings))
    (root / ".gitignore").write_text("results/\n")
    listed(root / "results" / "asv")
    return root / "results" / "asv"


def steps(folder, commit, adam, **place):
    """Adam's steps on one problem, SGD's 50."""
    stored(
        folder, commit, {STEPS: ([float(adam), 50.0], [["xor"], RULES, ["1.0e-03"]], "1")}, **place
    )


def command(folder, *arguments):
    """`optbench history` with these arguments, in `folder`."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(main, ["history", *arguments])
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def key(folder, *arguments):
    """What stands below the panels of the figure: its text, as an SVG has it."""
    done = command(folder, "plot", "--out", "figure.svg", *arguments)
    assert done.returncode == 0, done.stderr
    return re.findall(r"<!-- (.*?) -->", (folder / "figure.svg").read_text(), re.DOTALL)
