"""The history drawn: lines along first parents, the commits that changed them named, and what isn't
drawn said.
"""

import contextlib
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from asv_history import ENVIRONMENT, STEPS, TIME, listed, stored
from click.testing import CliRunner
from git_repository import committed, git
from matplotlib.figure import Figure
from optbench.bench.cli.main import main
from optbench.bench.history import asv_results, plot
from optbench.bench.history import repository as commits
from optbench.bench.history.series import changes, series
from optbench.bench.plots.history import history_curves

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


@pytest.fixture
def history(tmp_path):
    """A repository of three commits with their values: Adam's steps double at the second, its times
    at the third.
    """
    folder, names = repository(tmp_path), []
    for subject in ("the first", "Adam forgets its bias", "a slower loop"):
        (tmp_path / "file").write_text(subject)
        names.append(committed(tmp_path, subject))
    for commit, own, ns in zip(
        names,
        ([100, 50, 1000, 70], [200, 50, 2000, 70], [200, 50, 2000, 70]),
        (2, 2, 4),
        strict=True,
    ):
        results = {
            STEPS: (
                [float(value) for value in own],
                [["quadratic", "xor"], RULES, ["1.0e-03"]],
                "1",
            ),
            TIME: ([float(ns), 1.0], [["quadratic"], RULES], "2", 0.05),
        }
        stored(folder, commit, results)
    return tmp_path, names


def named(root, benchmark=STEPS):
    """{commit: optimizers} of the commits that the history blames."""
    frame = asv_results.read(root)
    own = frame[frame["benchmark"] == benchmark]
    found = changes(series(own, commits.first_parents(root), benchmark == TIME), 1.05)
    return {commit: [change.optimizer for change in changed] for commit, changed in found.items()}


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


def test_commits_that_changed_an_optimizer_are_named(history):
    """Adam's steps changed at the second commit, its times at the third; SGD's never."""
    root, names = history

    assert commits.first_parents(root) == names
    assert named(root) == {names[1]: ["adam"]}
    assert named(root, TIME) == {names[2]: ["adam"]}
    assert f"A  {names[2][:7]} a slower loop: adam × 2.00" in key(root)
    assert f"A  {names[1][:7]} Adam forgets its bias: adam × 2.00" in key(root)


def test_a_merged_branch_leaves_the_line_of_first_parents(tmp_path):
    """main halves Adam's steps while a branch, which left before, does nothing: neither the branch
    nor the merge is blamed.
    """
    folder = repository(tmp_path)
    first = committed(tmp_path, "the first")
    git(tmp_path, "checkout", "-q", "-b", "topic")
    topic = committed(tmp_path, "words alone")
    git(tmp_path, "checkout", "-q", "main")
    (tmp_path / "adam.py").write_text("better")
    better = committed(tmp_path, "Adam in half the steps")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge the words", "topic")
    merge = git(tmp_path, "rev-parse", "HEAD")
    for commit, value in ((first, 100), (topic, 100), (better, 50), (merge, 50)):
        steps(folder, commit, value)
    done = command(tmp_path, "plot")

    assert named(tmp_path) == {better: ["adam"]}
    assert "3 commits on vm, 2 optimizers; not drawn: 1 of branches that were merged" in done.stdout
    assert f"A  {better[:7]} Adam in half the steps: adam × 0.50" in key(tmp_path)


def test_what_a_merge_brings_may_be_any_of_its_commits(tmp_path):
    """Two commits of a branch and the merge lie between two measured ones: one of three is named,
    not the last for all.
    """
    folder = repository(tmp_path)
    first = committed(tmp_path, "the first")
    git(tmp_path, "checkout", "-q", "-b", "topic")
    for number in (1, 2):
        (tmp_path / "adam.py").write_text(f"{number}")
        committed(tmp_path, f"part {number}")
    git(tmp_path, "checkout", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge Adam", "topic")
    merge = git(tmp_path, "rev-parse", "HEAD")
    steps(folder, first, 100)
    steps(folder, merge, 200)

    assert f"A  one of 3 commits up to {merge[:7]} Merge Adam: adam × 2.00" in key(tmp_path)


def test_measured_branches_alone_are_no_line(tmp_path):
    """Only a merged branch was measured: what to do is said."""
    folder = repository(tmp_path)
    committed(tmp_path, "the first")
    git(tmp_path, "checkout", "-q", "-b", "topic")
    steps(folder, committed(tmp_path, "a part"), 100)
    git(tmp_path, "checkout", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge", "topic")
    done = command(tmp_path, "plot")

    assert done.returncode == 2
    assert (
        "1 commits were measured, all on branches that were merged: optbench history run measures"
        " HEAD" in done.stderr
    )


def test_squashed_commits_are_said(history):
    """A branch squashed into one commit takes its measured ones out of the history: that is the
    reason given.
    """
    root, _ = history
    git(root, "checkout", "-q", "--orphan", "squashed")
    last = committed(root, "all in one")
    done = command(root, "plot")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert (
        "3 commits were measured, none is an ancestor of HEAD (squashed or rebased?)" in done.stderr
    )

    steps(root / "results" / "asv", last, 100)
    assert (
        "1 commits on vm, 2 optimizers; not drawn: 3 that aren't ancestors of HEAD"
        in command(root, "plot").stdout
    )


def test_one_line_an_optimizer():
    """A figure has a line for every optimizer, over all commits, and the letter of a marked one at
    its top.
    """
    index = pd.DataFrame({"adam": [1.0, 2.0], "sgd": [1.0, 1.0]}, index=["first", "second"])
    ax = history_curves(index, Figure().subplots(), {"second": "A"})
    lines = {
        line.get_label(): list(line.get_ydata())
        for line in ax.get_lines()
        if not line.get_label().startswith("_")
    }

    assert lines == {"adam": [1.0, 2.0], "sgd": [1.0, 1.0]}
    assert [text.get_text() for text in ax.texts] == ["A"]


def test_the_command_draws_the_figure(history):
    """`optbench history plot` writes a PNG and says what it shows; asked for what isn't there, it
    says what is.
    """
    root, _ = history
    done = command(root, "plot", "--out", "figure.png")
    wrong = command(root, "plot", "-o", "adamm")
    everyone = command(root, "plot", "-o", "all", "--out", "all.png")

    assert "3 commits on vm, 2 optimizers" in everyone.stdout, everyone.stderr
    assert done.returncode == 0, done.stderr
    assert "3 commits on vm, 2 optimizers" in done.stdout
    assert (root / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert wrong.returncode == 2
    assert "there are adam, sgd" in wrong.stderr


def test_the_figures_file_is_the_one_that_is_said(history):
    """A folder gets a history.png, a name without a suffix one; a suffix that is no format of
    figures is refused.
    """
    root, _ = history
    (root / "figures").mkdir()
    for out, file in (
        ("figures", "figures/history.png"),
        ("mine", "mine.png"),
        ("mine.svg", "mine.svg"),
    ):
        assert command(root, "plot", "--out", out).stdout.startswith(f"{file}: ")
        assert (root / file).stat().st_size > 1000
    wrong = command(root, "plot", "--out", "history.csv")

    assert wrong.returncode == 2
    assert "'csv' is not supported" in wrong.stderr
    assert wrong.stderr.count("\n") == 1


def test_the_figure_goes_to_the_repositorys_root(history):
    """From a folder inside it too, as all else that is made; --out is of the folder that one stands
    in.
    """
    root, _ = history
    (root / "docs").mkdir()

    assert command(root / "docs", "plot").stdout.startswith(
        "../results/figures/history.png: 3 commits"
    )
    assert (root / "results" / "figures" / "history.png").is_file()
    assert command(root / "docs", "plot", "--out", "mine.png").stdout.startswith("mine.png: ")
    assert sorted(file.name for file in (root / "docs").iterdir()) == ["mine.png"]


def test_the_machine_with_most_commits_is_drawn(history):
    """Numbers of two machines are never mixed in one line; the option that draws the other one is
    named.
    """
    root, names = history
    steps(root / "results" / "asv", names[0], 900, machine="other")
    done = command(root, "plot")
    other = command(root, "plot", "--machine", "other")

    assert "3 commits on vm, 2 optimizers; not drawn: 1 on other (--machine other)" in done.stdout
    assert "1 commits on other, 2 optimizers; not drawn: 3 on vm (--machine vm)" in other.stdout


def test_an_environments_hint_draws_it(history):
    """Other versions on the same machine: the hint says which differ, and its option draws them."""
    root, names = history
    steps(root / "results" / "asv", names[0], 900, environment=OLD)
    done = command(root, "plot")
    hint = "; not drawn: 1 in another environment (--environment numba0.67.0)"
    other = command(root, "plot", "--environment", "numba0.67.0")
    wrong = command(root, "plot", "--environment", "numba0.1")

    assert f"3 commits on vm, 2 optimizers{hint}" in done.stdout
    assert (
        "1 commits on vm, 2 optimizers; not drawn: 3 in another environment (--environment"
        " numba0.68.1)" in other.stdout
    )
    assert wrong.returncode == 2
    assert (
        "no value has the environment 'numba0.1'; there are numba0.67.0, numba0.68.1"
        in wrong.stderr
    )


def test_commits_that_are_counted_are_drawn(history):
    """One that has neither step times nor steps to target isn't in the figure, nor in its
    summary.
    """
    root, _ = history
    folder = root / "results" / "asv"
    more = {"footprint.track_state": {"version": "1", "param_names": ["problem", "optimizer"]}}
    listed(folder, {**json.loads((folder / "benchmarks.json").read_text()), **more})
    (root / "file").write_text("more")
    stored(
        folder,
        committed(root, "measured in part"),
        {"footprint.track_state": ([1.0, 2.0], [["xor"], RULES], "1")},
    )

    assert "3 commits on vm, 2 optimizers" in command(root, "plot").stdout


def test_what_cannot_be_read_is_left_out_of_the_figure(history):
    """A damaged file is named on stderr, a parameter that is no text is drawn, a value that isn't
    positive is left out.
    """
    root, names = history
    folder = root / "results" / "asv"
    next((folder / "vm").glob(f"{names[0][:8]}-*.json")).write_text("{")
    stored(
        folder,
        names[1],
        {STEPS: ([9.0, 0.0, -1.0], [["xor"], [len, "sgd", "lion"], [np.float64(0.1)]], "1")},
    )
    done = command(root, "plot")

    assert done.returncode == 0, done.stderr
    assert "2 commits on vm, 3 optimizers" in done.stdout
    assert (
        f"vm/{names[0][:8]}-{ENVIRONMENT}.json isn't as asv writes it, and is left out"
        in done.stderr
    )


def test_a_plugin_that_is_gone_or_broken_costs_its_line_nothing(history, tmp_path_factory):
    """A stored rule that nobody knows is drawn; so is everything where an installed plugin can't be
    imported.
    """
    root, names = history
    stored(
        root / "results" / "asv",
        names[2],
        {STEPS: ([7.0, 8.0], [["xor"], ["gone[beta=1]", "sgd"], ["1"]], "1")},
    )
    site = tmp_path_factory.mktemp("site")
    (site / "broken-1.dist-info").mkdir()
    (site / "broken-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: broken\nVersion: 1\n"
    )
    (site / "broken-1.dist-info" / "entry_points.txt").write_text(
        "[optbench.optimizers]\nbroken = no_such_module_at_all\n"
    )
    code = (
        f"import sys; sys.path.append({str(site)!r}); from optbench.bench.cli.main import main;"
        " main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "history", "plot"], cwd=root, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "3 commits on vm, 3 optimizers" in done.stdout
    assert "no_such_module_at_all" in done.stderr


def test_a_package_in_a_subfolder_has_its_history(history):
    """asv.conf.json is looked for from here upwards: in a repository of several packages each has
    its own.
    """
    root, _ = history
    package = root / "packages" / "mine"
    package.mkdir(parents=True)
    shutil.move(root / "asv.conf.json", package)
    shutil.move(root / "results", package)
    (package / "src").mkdir()

    assert commits.repository(package / "src") == package
    assert command(package / "src", "plot").stdout.startswith(
        "../results/figures/history.png: 3 commits on vm"
    )
    outside = command(root, "plot")
    assert outside.returncode == 2
    assert "there is no asv.conf.json" in outside.stderr
    assert (package / plot.OUT).is_file()
