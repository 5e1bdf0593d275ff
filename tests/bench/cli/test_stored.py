"""`optbench compare` and `optbench plot`: what they make of stored runs."""

from pathlib import Path

import optbench as ob
import pytest
from command_line import PLAIN, optbench, refusal, said
from optbench.kernels import registry as optimizers
from optbench.problems import registry as problems

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_compare_takes_some_of_the_runs(plugin):
    """`optbench compare -o -p` compares the runs of these alone, also those of a plugin that isn't
    loaded.
    """
    said(optbench("run", *PLAIN, "-o", "adam,fit", *plugin))
    alone = said(optbench("compare", "-o", "adam", "-p", "quadratic"))

    assert "adam" in alone
    assert "sgd" not in alone
    optimizers._registry.pop("fit")
    assert "fit" in said(optbench("compare", "-o", "fit"))
    assert "no stored runs of optimizer lion" in refusal(optbench("compare", "-o", "lion"))


def test_compare_prints_the_stored_leaderboard():
    """`optbench compare` prints the leaderboard that the run printed."""
    ran = said(optbench("run", *PLAIN, "-o", "adam"))
    board = said(optbench("compare"))

    assert board.startswith("Leaderboard")
    assert board in ran


def test_stored_runs_need_no_plugin(plugin):
    """Stored runs of a plugin are compared, and their curves drawn, without it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(optimizers, "_registry", dict(optimizers._registry))
        patch.setattr(problems, "_registry", dict(problems._registry))
        said(optbench("run", *PLAIN, "-o", "fit", *plugin))

    assert "fit" not in ob.list_optimizers()
    assert " fit " in said(optbench("compare"))
    assert "curves.png" in said(optbench("plot", "curves"))


def test_paths_are_drawn_without_a_plugin(plugin):
    """`optbench plot paths` draws the rules that are known, and says in one line each whose path is
    missing.
    """
    said(
        optbench(
            "run",
            "-p",
            "rosenbrock",
            "-o",
            "fit,sgd",
            "--lr",
            "0.001",
            "--seeds",
            "1",
            "--quiet",
            "--no-figures",
            *plugin,
        )
    )
    optimizers._registry.pop("fit")
    result = optbench("plot", "paths")

    assert "paths.png" in said(result)
    assert [line for line in result.stderr.splitlines() if "path" in line] == [
        "optbench: no path of fit: its plugin isn't loaded (--plugin)"
    ]


def test_all_is_every_stored_optimizer():
    """-o all means every optimizer to compare and plot, as it does to run."""
    said(optbench("run", *PLAIN, "-o", "adam"))

    assert said(optbench("compare", "-o", "all")) == said(optbench("compare"))
    assert "curves.png" in said(optbench("plot", "curves", "-o", "all"))


CHOICES = {
    "steps": (20, 30),
    "schedule": ("constant", "cosine[final=0.5]"),
    "dtype": ("float64", "float32"),
    "stop": ("budget", "target"),
}


@pytest.mark.parametrize("option", CHOICES)
def test_compare_and_plot_choose_by_what_runs_are(option):
    """--steps, --schedule, --dtype and --stop limit compare and plot to such runs: as if nothing
    else were stored.
    """
    alone, pictures = [], []
    for k, value in enumerate(CHOICES[option]):
        for out in ("results", f"alone{k}"):
            said(optbench("run", *PLAIN, f"--{option}", value, "--out", out))
        alone.append(said(optbench("compare", "--from", f"alone{k}/runs")))
        chosen = f"--{option}", CHOICES[option][k]
        for folder, words in (("results", chosen), (f"alone{k}", ())):
            said(optbench("plot", "curves", "--from", f"{folder}/runs", "--out", "drawn", *words))
            pictures.append(Path("drawn/curves.png").read_bytes())

    assert [said(optbench("compare", f"--{option}", value)) for value in CHOICES[option]] == alone
    assert pictures[0] == pictures[1]
    assert pictures[2] == pictures[3]


def test_budgets_of_one_problem_stay_apart():
    """One look at the first steps of a problem splits no row of the leaderboard; it is named, and
    --steps shows it.
    """
    said(
        optbench(
            "run",
            "-p",
            "quadratic,beale",
            "-o",
            "sgd,adam",
            "--lr",
            "0.1",
            "--seeds",
            "1",
            "--quiet",
            "--no-figures",
        )
    )
    before = said(optbench("compare"))
    said(
        optbench(
            "run",
            "-p",
            "beale",
            "-o",
            "sgd",
            "--lr",
            "0.1",
            "--seeds",
            "1",
            "--steps",
            "30",
            "--quiet",
            "--no-figures",
        )
    )
    after = said(optbench("compare"))

    assert after.startswith(before)
    assert (
        "1 runs at another budget than their problem's left out: beale at 30 steps; --steps 30"
        " compares those" in after
    )
    assert "30 steps" in said(optbench("plot", "curves"))
    assert " 0/1 " in said(optbench("compare", "--steps", "30"))


@pytest.mark.parametrize("figure", ["curves", "sensitivity", "paths"])
def test_plot_draws_the_figure(figure):
    """`optbench plot FIGURE` draws that figure of the stored runs where it is told."""
    said(optbench("run", *PLAIN, "-p", "rosenbrock"))
    words = said(optbench("plot", figure, "--out", "drawn"))

    assert [file.name for file in Path("drawn").iterdir()] == [f"{figure}.png"]
    assert f"drawn/{figure}.png" in words


def test_plot_draws_what_is_chosen():
    """-p and -o limit the figure to these problems and optimizers: another picture."""
    said(optbench("run", *PLAIN, "-p", "rosenbrock", "-o", "adam"))
    pictures = []
    for words in ([], ["-p", "quadratic"], ["-o", "adam"]):
        said(optbench("plot", "curves", *words))
        pictures.append(Path("results/figures/curves.png").read_bytes())

    assert len(set(pictures)) == 3
