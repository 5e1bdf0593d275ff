"""A clone stays clean: what the commands write is ignored by git, and what git keeps no command
writes over.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from git_repository import committed, git
from optbench.bench.cli.main import main
from optbench.bench.history import asv_config, repository
from optbench.kernels import cache

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SMALL = {
    "list": ["list"],
    "show": ["show", "rosenbrock", "--plot"],
    "cost": ["cost", "-p", "xor", "-o", "sgd"],
    "run": [
        "run",
        "-p",
        "quadratic,rosenbrock",
        "-o",
        "sgd,adam",
        "--steps",
        "50",
        "--seeds",
        "1",
        "--quiet",
    ],
    "compare": ["compare"],
    "plot": ["plot", "paths", "-p", "rosenbrock"],
    "check": ["check", "sgd", "--quick"],
    "history run": ["history", "run", "--here", "--machine", "laptop"],
    "history plot": ["history", "plot"],
    "history check": ["history", "check", "HEAD~1", "--no-times", "-p", "quadratic", "-o", "sgd"],
}
"""Each command of the README with little to do: where it writes doesn't depend on how much it
computes.
"""
OWN = {"new"}
"""What it writes is the reader's own work, which git is to notice."""


def defaults(command):
    """The paths that the options of a command and of its subcommands have as default."""
    for option in command.params:
        if (
            option.name in ("out", "source")
            and isinstance(option.default, str)
            and option.default != "."
        ):
            yield option.default
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from defaults(inner)


def ignored(path):
    done = subprocess.run(["git", "check-ignore", "-q", "--no-index", path], cwd=ROOT)
    return done.returncode == 0


def test_what_commands_write_is_ignored():
    """Every default place of the command line, asv's own folders, its list of benchmarks and a
    stranger's numbers.
    """
    pytest.importorskip("asv")
    asv = asv_config.asv_config(ROOT)
    places = {*defaults(main), "results/runs", "results/figures", "results/leaderboard.csv"}
    places |= {
        asv["env_dir"],
        asv["html_dir"],
        "results/asv/benchmarks.json",
        "results/asv/laptop/1234.json",
    }

    assert {place for place in places if not ignored(place)} == set()
    assert not ignored("results/asv/zen4-2-cores/new.json")


def test_git_keeps_of_the_results_what_asv_measured_alone():
    """A README and a file a commit: no figure, no run, no list that a command would write anew."""
    kept = git(ROOT, "ls-files", "results").splitlines()

    assert "results/README.md" in kept
    known = re.compile(r"results/(README\.md|asv/[^/]+/([0-9a-f]{8}-.*|machine)\.json)")
    assert [name for name in kept if not known.fullmatch(name)] == []


def test_figures_of_the_pages_are_there_and_shown():
    """Each picture that a page shows is in git, and each one that git keeps is shown by a page."""
    shown = {
        os.path.relpath(page.parent / link, ROOT)
        for page in PAGES
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text())
    }

    assert shown == set(git(ROOT, "ls-files", "*.png").splitlines())


def readme_commands():
    """The commands that the README shows, as `run` or `history plot`."""
    lines = re.findall(
        r"^    (?:pip install .* && )?optbench (.*)$",
        (ROOT / "README.md").read_text(),
        re.MULTILINE,
    )
    return {" ".join(line.split()[: 2 if line.startswith("history") else 1]) for line in lines}


@pytest.mark.slow
def test_the_readmes_commands_leave_a_clone_clean(tmp_path):
    """All of them in a fresh clone, one after another, and asv's own: git status says nothing."""
    pytest.importorskip("asv")
    clone, tree = tmp_path / "clone", tmp_path / "tree"
    git(tmp_path, "clone", "-q", str(ROOT), str(clone))
    git(clone, "rm", "-rq", ".")
    repository.files_of(ROOT, repository.found(ROOT, repository.TREE), tree)
    shutil.copytree(tree, clone, dirs_exist_ok=True, symlinks=True)
    committed(clone, "the tree as it is")
    home = tmp_path / "home"
    home.mkdir()
    start = [sys.executable, "-c", "from optbench.bench.cli.main import main; main()"]
    missing = readme_commands() - SMALL.keys() - OWN
    assert not missing, f"SMALL lacks {missing}"

    # a home that is empty, but for the kernels that these tests have compiled
    settings = {**os.environ, "HOME": str(home), "OPTBENCH_CACHE_DIR": str(cache.home().parent)}
    for command in [
        *([*start, *arguments] for arguments in SMALL.values()),
        [sys.executable, "-m", "asv", "publish"],
    ]:
        done = subprocess.run(command, cwd=clone, env=settings, capture_output=True, text=True)
        left = git(clone, "status", "--porcelain")

        assert done.returncode == 0, (command, done.stdout, done.stderr)
        assert left == "", command
    assert (clone / "results" / "asv" / "laptop").is_dir()
    assert json.loads((clone / "results" / "asv" / "benchmarks.json").read_text())
