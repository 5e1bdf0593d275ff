"""The history drawn: its file, whose values it shows, and what isn't drawn said."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
from asv_history import ENVIRONMENT, STEPS, listed, stored
from drawn_history import OLD, RULES, command, steps
from git_repository import committed
from matplotlib.figure import Figure
from optbench.bench.history import plot
from optbench.bench.history import repository as commits
from optbench.bench.plots.history import history_curves


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


def test_the_command_draws_the_figure(drawn):
    """`optbench history plot` writes a PNG and says what it shows; asked for what isn't there, it
    says what is.
    """
    root, _ = drawn
    done = command(root, "plot", "--out", "figure.png")
    wrong = command(root, "plot", "-o", "adamm")
    everyone = command(root, "plot", "-o", "all", "--out", "all.png")

    assert "3 commits on vm, 2 optimizers" in everyone.stdout, everyone.stderr
    assert done.returncode == 0, done.stderr
    assert "3 commits on vm, 2 optimizers" in done.stdout
    assert (root / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert wrong.returncode == 2
    assert "there are adam, sgd" in wrong.stderr


def test_the_figures_file_is_the_one_that_is_said(drawn):
    """A folder gets a history.png, a name without a suffix one; a suffix that is no format of
    figures is refused.
    """
    root, _ = drawn
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


def test_the_figure_goes_to_the_repositorys_root(drawn):
    """From a folder inside it too, as all else that is made; --out is of the folder that one stands
    in.
    """
    root, _ = drawn
    (root / "docs").mkdir()

    assert command(root / "docs", "plot").stdout.startswith(
        "../results/figures/history.png: 3 commits"
    )
    assert (root / "results" / "figures" / "history.png").is_file()
    assert command(root / "docs", "plot", "--out", "mine.png").stdout.startswith("mine.png: ")
    assert sorted(file.name for file in (root / "docs").iterdir()) == ["mine.png"]


def test_the_machine_with_most_commits_is_drawn(drawn):
    """Numbers of two machines are never mixed in one line; the option that draws the other one is
    named.
    """
    root, names = drawn
    steps(root / "results" / "asv", names[0], 900, machine="other")
    done = command(root, "plot")
    other = command(root, "plot", "--machine", "other")

    assert "3 commits on vm, 2 optimizers; not drawn: 1 on other (--machine other)" in done.stdout
    assert "1 commits on other, 2 optimizers; not drawn: 3 on vm (--machine vm)" in other.stdout


def test_an_environments_hint_draws_it(drawn):
    """Other versions on the same machine: the hint says which differ, and its option draws them."""
    root, names = drawn
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


def test_commits_that_are_counted_are_drawn(drawn):
    """One that has neither step times nor steps to target isn't in the figure, nor in its
    summary.
    """
    root, _ = drawn
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


def test_what_cannot_be_read_is_left_out_of_the_figure(drawn):
    """A damaged file is named on stderr, a parameter that is no text is drawn, a value that isn't
    positive is left out.
    """
    root, names = drawn
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


def test_a_plugin_that_is_gone_or_broken_costs_its_line_nothing(drawn, tmp_path_factory):
    """A stored rule that nobody knows is drawn; so is everything where an installed plugin can't be
    imported.
    """
    root, names = drawn
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


def test_a_package_in_a_subfolder_has_its_history(drawn):
    """asv.conf.json is looked for from here upwards: in a repository of several packages each has
    its own.
    """
    root, _ = drawn
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
