"""The command's help and lists."""

import re
from pathlib import Path

import optbench as ob
import pytest
from command_line import PLUGIN, optbench, said
from optbench.kernels.schedule import SCHEDULES

pytestmark = pytest.mark.usefixtures("elsewhere")


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
