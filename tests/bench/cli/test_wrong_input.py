"""Wrong input ends in one line on stderr and exit status 2."""

from pathlib import Path

import optbench as ob
import pytest
from command_line import PLAIN, optbench, refusal, said
from optbench.bench.runs import run as running

pytestmark = pytest.mark.usefixtures("elsewhere")


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
