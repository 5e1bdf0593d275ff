"""The command: what it prints and writes, and that every wrong word ends in one line and exit
status 2.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import optbench as ob
import pandas as pd
import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main
from optbench.bench.runs import run as running
from optbench.kernels import registry as optimizers
from optbench.kernels.schedule import SCHEDULES
from optbench.problems import registry as problems

SMALL = [
    "-p",
    "quadratic",
    "-o",
    "sgd",
    "--lr",
    "0.1,0.5",
    "--seeds",
    "2",
    "--steps",
    "20",
    "--quiet",
]
"""A sweep of four runs."""
PLAIN = [*SMALL, "--no-figures"]
SCRIPT = Path(sys.executable).with_name("optbench")

PLUGIN = '''
import numpy as np
import optbench as ob


@ob.optimizer
def unfit(x, g, lr=0.1):
    """Can't be compiled: adds a text to a number."""
    return x - lr * g + "text"


def unfit_formula(x, g):
    return x.there_is_no_such_thing


@ob.problem
def unfit_problem(dim=2):
    """Can't be compiled either."""
    center = np.ones(dim)
    return ob.Problem(
        formula=unfit_formula, center=center, spread=0.1, budget=10,
        source="none", minimum=0.0
    )


@ob.optimizer
def fit(x, g, lr=0.1):
    """Can be compiled."""
    return x - 0.5 * lr * g
'''


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    """Commands run in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def plugin():
    Path("cli_plugin.py").write_text(PLUGIN)
    return ["--plugin", "cli_plugin.py"]


def optbench(*words):
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(word) for word in words])


def said(result):
    """What a command that went well printed, on one line."""
    assert result.exit_code == 0, (result.stderr, result.exception)
    return " ".join(result.stdout.split())


def refusal(result):
    """The one line that a command with wrong words printed."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("optbench: ")
    assert "Traceback" not in result.output
    return line


# ---------------------------------------------------------------------------------------------- run


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

    assert [file.name for file in files] == ["curves.png", "paths.png", "sensitivity.png"]
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


# ----------------------------------------------------------------------------------------------
# list and help


def test_list_shows_every_name(plugin):
    """`optbench list` shows every optimizer, problem and schedule, plugins included."""
    words = set(re.findall(r"\w+", said(optbench("list", *plugin))))

    assert {*ob.list_optimizers(), *ob.list_problems(), *SCHEDULES} <= words
    assert {"unfit", "fit", "unfit_problem"} <= words


@pytest.mark.parametrize("kind", ["optimizers", "problems"])
def test_list_shows_one_kind(kind):
    """`optbench list optimizers` shows optimizers alone, `problems` problems alone."""
    words = set(re.findall(r"\w+", said(optbench("list", kind))))
    names = {"optimizers": set(ob.list_optimizers()), "problems": set(ob.list_problems())}
    other = names.pop("problems" if kind == "optimizers" else "optimizers")

    assert names[kind] <= words
    assert not other & words - {"l2"}  # a problem's parameter, too


def test_the_list_of_problems_has_their_numbers():
    """A line of `optbench list problems` has dim, kind, minimum, condition number there, budget and
    source.
    """
    lines = optbench("list", "problems").stdout.splitlines()
    (line,) = [line.split() for line in lines if line.split()[:1] == ["beale"]]

    assert line[:6] == ["beale", "2", "analytic", "0", "162", "2000"]
    assert line[6].startswith("Beale")


def test_a_broken_formula_leaves_the_list_whole(tmp_path):
    """A plugin's formula that can't be run has no condition number, and every other problem stands
    in the list all the same.
    """
    file = tmp_path / "broken.py"
    file.write_text(
        "import numpy as np\nimport optbench as ob\n\n\ndef loss(x, g):\n    return"
        " undefined_thing(x[0])\n\n\n@ob.problem\ndef broken_valley():\n    return ob.Problem(loss,"
        " np.ones(2), 0.1, 10, 'a test', minimum=0.0, minimizers=np.zeros((1, 2)))\n"
    )
    words = said(optbench("list", "problems", "--plugin", file)).split()

    assert {"broken_valley", *ob.list_problems()} <= set(words)
    assert words[words.index("broken_valley") + 4] == "–"


def test_list_shows_sources_whole(plugin):
    """The catalogue shows a rule's source as its docstring has it, brackets included."""
    Path("cli_plugin.py").write_text(
        PLUGIN.replace("Can be compiled.", "Somebody [red] (1999), eq. [3].")
    )

    words = said(optbench("list", "optimizers", *plugin))

    assert "[red]" in words
    assert "[3]." in words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ([], ["run", "list", "compare", "plot"]),
        (
            ["run"],
            [
                "--problem",
                "--optimizer",
                "--lr",
                "--seeds",
                "--steps",
                "--schedule",
                "--stop",
                "--dtype",
                "--out",
                *SCHEDULES,
            ],
        ),
        (["list"], ["optimizers", "problems", "--plugin"]),
        (["compare"], ["--from", "results/runs"]),
        (["plot"], ["curves", "sensitivity", "paths", "--from", "--out"]),
    ],
    ids=lambda words: " ".join(words[:1]),
)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_what_there_is(words, shown, flag):
    """--help and -h show the commands, options, schedules and figures by name."""
    text = said(optbench(*words, flag))

    assert [word for word in shown if word not in text] == []


def test_no_words_show_the_help():
    """`optbench` alone shows the help."""
    result = optbench()

    assert result.exit_code == 0
    assert "Usage:" in result.stdout + result.stderr


# ----------------------------------------------------------------------------------------------
# compare and plot


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


# ----------------------------------------------------------------------------------------------
# wrong words


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["-p", "rosenbrok"], "did you mean 'rosenbrock'"),
        (["-p", "quadratic[dims=3]"], "did you mean 'dim'"),
        (["-p", "rosenbrock[dim=1]"], "at least 2"),
        (["-p", "rosenbrock[dim=3"], "rosenbrock[dim=3"),
        (["-p", "quadratic]"], "quadratic]"),
        (["-o", "adm"], "did you mean 'adam'"),
        (["-o", "adam[bta1=0.9]"], "did you mean 'beta1'"),
        (["-o", "adam[beta1=x]"], "beta1=x"),
        (["-o", "sgd[lr=0]"], "positive"),
        (["--lr", "-0.1"], "-0.1"),
        (["--lr", "0"], "0.0"),
        (["--lr", "nan"], "nan"),
        (["--lr", "inf"], "inf"),
        (["--lr", "fast"], "fast"),
        (["--lr", "0.1;0.2"], "0.1;0.2"),
        (["--lr-count", "3"], "give one of them"),
        (["--kind", "noise"], "did you mean 'noisy'"),
        (["--steps", "0"], "0"),
        (["--steps", "-5"], "-5"),
        (["--steps", "ten"], "ten"),
        (["--steps", "1.5"], "1.5"),
        (["--seeds", "0"], "seeds"),
        (["--seeds", "-1"], "-1"),
        (["--seeds", "many"], "many"),
        (["--seeds", "1.5"], "1.5"),
        (["--seeds", "0,-2"], "-2"),
        (["--seeds", ""], "seeds"),
        (["--dtype", "float16"], "float32"),
        (["--stop", "never"], "budget"),
        (["--schedule", "cosin"], "did you mean 'cosine'"),
        (["--schedule", "step[gama=0.5]"], "did you mean 'gamma'"),
        (["--schedule", "step[gamma=2]"], "gamma"),
        (["--workers", "0"], "workers"),
        (["--workers", "two"], "two"),
        (["--bogus"], "--bogus"),
        (["extra"], "extra"),
        (["--lr"], "--lr"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_wrong_words_of_run_are_one_line(words, named):
    """A wrong word or value ends `optbench run` with one line that names it, status 2, and no
    folder made.
    """
    line = refusal(optbench("run", *PLAIN, *words))

    assert named in line
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(("option", "word"), [("-p", ""), ("-o", ","), ("--lr", "")])
def test_an_empty_word_is_not_all(monkeypatch, option, word):
    """An empty name or number (an unset variable of the shell) is refused, rather than taken for
    everything.
    """
    monkeypatch.setattr(running, "execute", lambda *_, **__: pytest.fail("ran everything"))

    assert "empty" in refusal(optbench("run", option, word, "--quiet"))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["rum"], "rum"),
        (["--bogus"], "--bogus"),
        (["list", "schedules"], "schedules"),
        (["plot"], "curves"),
        (["plot", "curve"], "curves"),
        (["compare"], "results/runs"),
        (["compare", "--from", "nowhere"], "nowhere"),
        (["plot", "curves", "--from", "nowhere"], "nowhere"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_wrong_words_of_other_commands_are_one_line(words, named):
    """A wrong word ends the other commands with one line that names it, or what there is, and
    status 2.
    """
    assert named in refusal(optbench(*words))


@pytest.mark.parametrize(
    "words", [["compare"], ["plot", "curves"], ["plot", "paths"]], ids=" ".join
)
def test_empty_results_say_how_to_make_some(words):
    """compare and plot of an empty folder end in one line that names the command that makes
    runs.
    """
    Path("results/runs").mkdir(parents=True)

    assert "optbench run" in refusal(optbench(*words))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["paths"], "paths"),
        (["curves", "-p", "rosenbrock"], "rosenbrock"),
        (["curves", "-o", "adam"], "adam"),
        (["curves", "-o", "adm"], "did you mean 'adam'"),
        (["curves", "-p", "quadratc"], "did you mean 'quadratic'"),
        (["curves", "--steps", "7"], "no stored runs of steps 7; there are: 20"),
        (
            ["curves", "--schedule", "cosine"],
            "no stored runs of schedule cosine; there are: constant",
        ),
        (["curves", "--schedule", "cosin"], "did you mean 'cosine'"),
        (["curves", "--dtype", "float16"], "there are: float32, float64"),
        (["curves", "--stop", "never"], "there are: budget, target"),
        (["curves", "--out", "file/figures"], "can't be written"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_what_cannot_be_drawn_is_one_line(words, named):
    """A figure that the stored runs can't give, or that can't be written, ends in one line that
    says so.
    """
    said(optbench("run", *PLAIN))
    Path("file").write_text("a regular file")

    assert named in refusal(optbench("plot", *words))


@pytest.mark.parametrize("out", ["file", "file/below"])
def test_an_unwritable_folder_is_one_line(out):
    """--out at or below a regular file ends in one line that names it."""
    Path("file").write_text("a regular file")
    line = refusal(optbench("run", *PLAIN, "--out", out))

    assert f"'{out}/runs' can't be written" in line


def test_a_leaderboard_that_cannot_be_written_is_one_line():
    """Where leaderboard.csv can't be written the command says so, and the runs are kept."""
    Path("results/leaderboard.csv").mkdir(parents=True)
    line = refusal(optbench("run", *PLAIN))

    assert "leaderboard.csv" in line
    assert len(ob.load("results/runs")) == 4


@pytest.mark.parametrize(
    "words", [["run", *PLAIN], ["compare"], ["plot", "curves"]], ids=lambda words: words[0]
)
def test_a_corrupt_file_is_one_line(words):
    """A half file of runs ends every command in one line that names it, and stays."""
    said(optbench("run", *PLAIN))
    (file,) = Path("results/runs").glob("*.parquet")
    half = file.read_bytes()[:500]
    file.write_bytes(half)
    line = refusal(optbench(*words))

    assert str(file) in line
    assert file.read_bytes() == half


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (None, "doesn't exist"),
        ("def (:\n", "SyntaxError"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("raise SystemExit('enough')\n", "enough"),
        ("x = 1\n", "registers nothing"),
        (
            "import optbench as ob\n@ob.optimizer\ndef sgd(x, g, lr=1.0): return x\n",
            "registered twice",
        ),
    ],
    ids=["missing", "syntax", "raises", "exits", "nothing", "clash"],
)
@pytest.mark.parametrize(
    "words", [["run", *PLAIN], ["list"], ["compare"]], ids=lambda words: words[0]
)
def test_a_broken_plugin_is_one_line(words, text, named):
    """A --plugin file that can't be used ends in one line that names it and the reason."""
    if text is not None:
        Path("odd.py").write_text(text)
    line = refusal(optbench(*words, "--plugin", "odd.py"))

    assert "odd.py" in line
    assert named in line


# ---------------------------------------------------------------------------------------------- as
# a process


@pytest.mark.parametrize(
    ("words", "named"),
    [(["run", *PLAIN, "-o", "adm"], "did you mean 'adam'"), (["rum"], "rum")],
    ids=["unknown name", "unknown command"],
)
def test_the_process_ends_with_one_line(words, named):
    """In a process of its own a wrong word prints nothing but one line on stderr, and the exit
    status is 2.
    """
    done = subprocess.run([SCRIPT, *words], capture_output=True, text=True, timeout=300)

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert named in done.stderr


@pytest.mark.slow
def test_the_process_runs_without_a_warning():
    """In a process of its own, warnings as errors, a sweep with figures prints on stdout alone."""
    words = [
        "run",
        "-p",
        "rosenbrock,quadratic",
        "-o",
        "sgd,adam",
        "--seeds",
        "2",
        "--steps",
        "50",
        "--quiet",
    ]
    command = [sys.executable, "-W", "error", SCRIPT, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)

    assert (done.stderr, done.returncode) == ("", 0)
    assert len(list(Path("results/figures").iterdir())) == 3


@pytest.mark.slow
def test_an_interrupt_ends_the_process_well():
    """SIGINT in mid-sweep ends the process soon with one line and status 130; its finished runs are
    stored.
    """
    words = [
        "run",
        "-p",
        "logistic_regression",
        "-o",
        "sgd",
        "--lr",
        "0.1",
        "--seeds",
        "2000",
        "--quiet",
        "--no-figures",
    ]
    words += ["--steps", "4000"]  # long enough to be in its middle when the first runs are stored
    ob.run(
        ["logistic_regression"], ["sgd"], lrs=[0.1], seeds=1, steps=1
    )  # its kernels are compiled before the clock runs
    process = subprocess.Popen(
        [SCRIPT, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while (
        not list(Path().glob("results/runs/*.parquet"))
        and time.monotonic() < deadline
        and process.poll() is None
    ):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 130
    assert told.strip() == "optbench: interrupted; what was finished is kept"
    assert 0 < len(ob.load("results/runs")) < 2000
    assert np.isfinite(ob.load("results/runs").runs["final_loss"]).all()
