"""`optbench run`: what it prints, writes and keeps."""

from pathlib import Path

import optbench as ob
import pandas as pd
import pytest
from command_line import PLAIN, SMALL, optbench, said
from optbench.bench.plugins import figures
from optbench.bench.runs import run as running

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_run_prints_the_leaderboard():
    """`optbench run` prints the optimizers, best first, with their scores."""
    words = said(
        optbench(
            "run",
            "-p",
            "quadratic",
            "-o",
            "sgd,adam",
            "--lr",
            "0.5",
            "--seeds",
            "2",
            "--quiet",
            "--no-figures",
        )
    )
    board = ob.load("results/runs").leaderboard()
    places = [words.index(f" {name} ") for name in board["optimizer"]]

    assert "Leaderboard" in words
    assert places == sorted(places)
    assert all(f"{score:.3f}" in words for score in board["score"])


def test_run_prints_names_whole():
    """The leaderboard shows a name with its settings in brackets."""
    words = said(optbench("run", *PLAIN, "-o", "adam[beta1=0.5]"))

    assert "adam[beta1=0.5]" in words


def test_run_writes_the_leaderboard():
    """`optbench run` writes the leaderboard as CSV, with the columns of results.leaderboard()."""
    said(optbench("run", *PLAIN, "-o", "adam"))
    written, expected = (
        pd.read_csv("results/leaderboard.csv"),
        ob.load("results/runs").leaderboard(),
    )

    pd.testing.assert_frame_equal(written, expected, check_dtype=False, rtol=1e-5)


def test_run_keeps_the_runs():
    """`optbench run` keeps what ob.run returns in results/runs."""
    said(optbench("run", *PLAIN))
    asked = ob.run(["quadratic"], ["sgd"], lrs=[0.1, 0.5], seeds=2, steps=20).runs
    same = asked.columns.drop("ns_per_step")

    assert ob.load("results/runs").runs[same].astype(object).equals(asked[same].astype(object))


def test_run_draws_the_figures():
    """`optbench run` draws curves, sensitivity and, for two dimensions, paths as PNG files."""
    words = said(optbench("run", *SMALL, "-p", "rosenbrock"))
    files = sorted(Path("results/figures").iterdir())

    assert [file.stem for file in files] == sorted(figures.found())
    assert {"curves", "paths", "sensitivity"} <= {file.stem for file in files}
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
    assert all(str(file) in words for file in files)


def test_run_draws_nothing_when_told():
    """--no-figures draws none, and so does a file that says so, which the output tells."""
    said(optbench("run", *PLAIN))
    Path("sweep.toml").write_text("figures = false\n")
    words = said(optbench("run", "sweep.toml", *SMALL))

    assert sorted(path.name for path in Path("results").iterdir()) == ["leaderboard.csv", "runs"]
    assert "no figures, as the suite or the sweep file says; --figures draws them" in words


def test_run_writes_where_told():
    """--out says where everything goes, also a folder with brackets in its name, and the output
    names it.
    """
    words = said(optbench("run", *SMALL, "--out", "some[where]/else"))

    assert sorted(path.name for path in Path("some[where]/else").iterdir()) == [
        "figures",
        "leaderboard.csv",
        "runs",
    ]
    assert not Path("results").exists()
    assert "some[where]/else/runs" in words


def test_a_second_run_says_that_nothing_was_computed():
    """The same command again says that all runs were found, and prints the same leaderboard."""
    first, second = (said(optbench("run", *PLAIN)) for _ in range(2))

    assert "4 runs computed" in first
    assert "0 runs computed, 4 found" in second
    assert "nothing to do" in second
    assert first[first.index("Leaderboard") :] == second[second.index("Leaderboard") :]


def test_a_larger_run_says_what_was_found():
    """A sweep of which part is stored says how many runs were computed and how many found."""
    said(optbench("run", *PLAIN))

    assert "6 runs computed, 4 found" in said(optbench("run", *PLAIN, "--seeds", "5"))


def test_names_may_be_repeated_or_separated_by_commas():
    """-p, -o and --lr take a list with commas, or are repeated."""
    said(
        optbench(
            "run",
            *PLAIN,
            "--out",
            "a",
            "-p",
            "rosenbrock",
            "-o",
            "adam[beta1=0.5,eps=1e-7]",
            "--lr",
            "0.7",
        )
    )
    said(
        optbench(
            "run",
            "-p",
            "quadratic,rosenbrock",
            "-o",
            "sgd,adam[beta1=0.5,eps=1e-7]",
            "--lr",
            "0.1,0.5,0.7",
            "--seeds",
            "0,1",
            "--steps",
            "20",
            "--quiet",
            "--no-figures",
            "--out",
            "b",
        )
    )
    one, other = (ob.load(f"{folder}/runs").runs.drop(columns="ns_per_step") for folder in "ab")

    assert len(one) == 24
    assert one.astype(object).equals(other.astype(object))


def test_options_reach_the_runs():
    """--steps, --schedule, --stop, --dtype and --seeds are those of the runs."""
    more = [
        "--steps",
        "7",
        "--schedule",
        "cosine",
        "--stop",
        "target",
        "--dtype",
        "float32",
        "--seeds",
        "4,2",
    ]
    said(optbench("run", *PLAIN, *more))
    runs = ob.load("results/runs").runs

    assert sorted(set(runs["seed"])) == [2, 4]
    assert (runs["schedule"] == "cosine").all()
    assert (runs["dtype"] == "float32").all()
    assert (runs["steps"] == 7).all()


def test_run_with_a_failure_keeps_the_others(plugin):
    """A sweep with failed runs ends with status 1, names them and the reason on stderr, and keeps
    and ranks the others.
    """
    result = optbench("run", *PLAIN, "-p", "unfit_problem", "-o", "unfit", *plugin)
    told = " ".join(result.stderr.split())
    kept = ob.load("results/runs").runs

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert all(
        f"failed: {name}" in told
        for name in ("unfit on quadratic, 4 runs", "sgd, unfit on unfit_problem, 8 runs")
    )
    assert "there_is_no_such_thing" in told
    assert "Leaderboard" in result.stdout
    assert set(zip(kept["problem"], kept["optimizer"], strict=True)) == {("quadratic", "sgd")}


@pytest.mark.parametrize(
    "words", [["-p", "rosenbrock", "-o", "unfit"], ["-p", "unfit_problem"]], ids=["rule", "problem"]
)
def test_run_with_a_failure_draws_the_others(plugin, words):
    """A sweep with failed runs draws the figures of the others, the failed in two dimensions left
    out.
    """
    result = optbench("run", *SMALL, *words, *plugin)

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit), result.exception
    assert Path("results/figures/curves.png").exists()
    assert Path("results/figures/sensitivity.png").exists()


def test_run_of_failures_alone_ends_well(plugin):
    """Where every run failed the command says so, status 1, no traceback."""
    result = optbench(
        "run", "-p", "rosenbrock", "-o", "unfit", "--seeds", "1", "--steps", "5", "--quiet", *plugin
    )

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit), result.exception
    assert "failed: unfit on rosenbrock" in " ".join(result.stderr.split())


def test_run_of_divergence_alone_ends_well():
    """Where every run diverged there is still a leaderboard, and figures."""
    words = said(
        optbench(
            "run",
            "-p",
            "rosenbrock",
            "-o",
            "sgd",
            "--lr",
            "1,10",
            "--seeds",
            "2",
            "--steps",
            "20",
            "--quiet",
        )
    )

    assert "100%" in words
    assert len(list(Path("results/figures").glob("*.png"))) >= 2


def test_an_interrupted_run_says_what_is_kept(monkeypatch):
    """Ctrl-C ends the command with one line and status 130, and finished runs are kept."""
    compute, blocks = running.compute, []

    def interrupted(block):
        blocks.append(block)
        if len(blocks) == 2:
            raise KeyboardInterrupt
        return compute(block)

    monkeypatch.setattr(running, "compute", interrupted)
    result = optbench("run", *PLAIN, "-o", "adam", "--workers", "1")

    assert result.exit_code == 130
    assert result.stderr.strip() == "optbench: interrupted; what was finished is kept"
    assert len(ob.load("results/runs")) == 4
