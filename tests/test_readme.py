"""What the README shows works as shown."""

import re
import shlex
from pathlib import Path

import click
import optbench as ob
import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_two_commands_stand_at_the_top():
    """A newcomer's two lines are the first thing after the title, and CI runs exactly them."""
    lines = [line.strip() for line in README.splitlines() if line.strip()]
    expected = ["pip install -e . && optbench run", "pip install -e '.[test]' && pytest"]

    assert lines[1:3] == expected
    assert [
        line for line in (ROOT / ".ci/run").read_text().splitlines() if line in expected
    ] == expected


def test_the_python_example_runs():
    """The example from Python runs as typed, and its walk ends lower than it began."""
    space: dict = {}
    exec(BLOCKS[0], space)
    prob, walk = space["prob"], space["walk"]

    assert len(space["results"].runs) == 2 * 2 * 3 * 10
    assert walk.t == 100
    assert prob.value_and_grad(walk.x)[0] < prob.value_and_grad(prob.start(0))[0]


def test_the_plugin_example_is_the_file_and_runs(tmp_path):
    """The README's plugin is examples/mine.py, and its command makes runs and figures of it."""
    source = (ROOT / "examples/mine.py").read_text()
    shown = BLOCKS[1].replace("# examples/mine.py\n", "")

    assert shown in source
    words = (
        f"run --plugin {ROOT}/examples/mine.py -o mine,adam -p rosenbrock,xor --seeds 2 --out"
        f" {tmp_path} --quiet"
    )
    done = CliRunner().invoke(main, words.split())
    assert done.exit_code == 0, done.output
    assert set(ob.load(tmp_path / "runs").runs["optimizer"]) == {"adam", "mine"}
    assert {file.name for file in (tmp_path / "figures").iterdir()} == {
        "curves.png",
        "sensitivity.png",
        "paths.png",
    }


def unknown_words(text):
    """The commands and options in a page's `optbench ...` lines that optbench doesn't have."""
    lines = re.findall(r"^    optbench (.*)$|`optbench ([^`]*)`", text, re.MULTILINE)
    assert lines
    unknown = []
    for line in lines:
        words, command = shlex.split("".join(line), comments=True), main
        while words and isinstance(command, click.Group):
            word = words.pop(0)
            if word not in command.commands:
                unknown.append(word)
                break
            command = command.commands[word]
        else:
            taken = {option for known in command.params for option in known.opts}
            given = {word.split("=")[0] for word in words if word.startswith("-")}
            unknown += sorted(given - taken - {"--help"})
    return unknown


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "optbench " in page.read_text()], ids=lambda page: page.name
)
def test_every_command_of_a_page_exists(page):
    """Each `optbench` command that the README or a page of docs/ shows is one, and has the options
    that it is shown with.
    """
    assert unknown_words(page.read_text()) == []


def test_a_command_that_is_gone_is_seen():
    """A command, a command of a group, or an option that optbench doesn't have is found."""
    shown = "    optbench walk -p xor\n    optbench history run --here\n"
    shown += "as `optbench history follow` and `optbench run -p xor --learning-rate=1` do"

    assert unknown_words(shown) == ["walk", "follow", "--learning-rate"]
