"""`optbench new`: what it writes works as it is, and what it mustn't write it refuses."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import optbench as ob
import pytest
from click.testing import CliRunner
from optbench.bench.cli.main import main
from optbench.bench.plugins import scaffold

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    """Commands run in an empty folder."""
    monkeypatch.chdir(tmp_path)


def optbench(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def pytest_in(folder, *arguments):
    """Plain pytest in a process of its own, warnings being errors."""
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *arguments,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


@pytest.mark.slow
def test_new_plugins_pass_their_tests_as_they_are():
    """An optimizer and a problem fresh from `optbench new` pass their tests under plain pytest,
    with nothing skipped.
    """
    for kind in ("optimizer", "problem"):
        assert optbench("new", kind, f"fresh_{kind}").exit_code == 0
    done = pytest_in(".")

    assert re.fullmatch(r"\d+ passed in .*", done.stdout.splitlines()[-1]), done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "right", "wrong", "failing"),
    [
        ("optimizer", "x - lr * m_hat, m", "x - lr * m, m", {"test_equals_its_twin"}),
        (
            "problem",
            "g[i] = (i + 1) * away",
            "g[i] = i * away",
            {"test_requirement[has_its_gradient]"},
        ),
    ],
)
def test_a_broken_plugin_fails_its_test(kind, right, wrong, failing):
    """A slip in the generated rule or gradient is seen by the generated test."""
    optbench("new", kind, "slipped")
    file = Path("slipped.py")
    assert right in file.read_text()
    file.write_text(file.read_text().replace(right, wrong))
    done = pytest_in(".", "-k", "twin or gradient or described or source")

    assert failing <= set(re.findall(r"FAILED test_slipped\.py::(\S+)", done.stdout)), done.stdout


@pytest.mark.parametrize("kind", ["optimizer", "problem"])
def test_it_says_what_to_do_next(kind):
    """The output names both files, the test's command, the check's and the run's, which works as it
    stands.
    """
    result = optbench("new", kind, "begun", "--out", "some/where")
    lines = [line.strip() for line in result.stdout.splitlines()]
    run = next(line for line in lines if line.startswith("optbench run"))

    assert result.exit_code == 0
    assert sorted(path.name for path in Path("some/where").iterdir()) == [
        "begun.py",
        "test_begun.py",
    ]
    assert "pytest some/where/test_begun.py" in lines
    assert "optbench check some/where/begun.py" in lines
    assert (
        optbench(*run.split()[1:], "--no-figures", "--quiet", "--seeds", 1, "--steps", 20).exit_code
        == 0
    )
    assert "begun" in set(ob.load("results/runs").runs[kind])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["optimizer", "two words"], "can't be a name"),
        (["optimizer", "2nd"], "can't be a name"),
        (["optimizer", "class"], "can't be a name"),
        (["optimizer", "größe"], "can't be a name"),
        (["problem", "../up"], "can't be a name"),
        (
            ["optimizer", "adam"],
            "'adam' is an optimizer already, from optbench.kernels.update.adam",
        ),
        (["problem", "adam"], "is an optimizer already"),
        (["problem", "xor"], "'xor' is a problem already, from optbench.problems.network.xor"),
        (["optimizer", "random"], "would hide the module 'random'"),
        (["problem", "numpy"], "would hide the module 'numpy'"),
        (["optimizer", "there"], "'there.py' exists already"),
        (["optimizer", "tested"], "'test_tested.py' exists already"),
        (["optimizer", "unplaced", "--out", "there.py"], "'there.py' can't be written"),
        (["rule", "mine"], "rule"),
        (["optimizer"], "NAME"),
    ],
)
def test_what_it_refuses(arguments, reason):
    """Bad names, names that are taken and files that exist: one line on stderr, exit status 2,
    nothing written.
    """
    for file in ("there.py", "test_tested.py"):
        Path(file).write_text("# mine\n")
    result = optbench("new", *arguments)

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["test_tested.py", "there.py"]
    assert Path("there.py").read_text() == "# mine\n"


def test_templates_are_part_of_the_wheel():
    """Each matches a pattern of pyproject.toml's package-data, or setuptools leaves it out."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    home = scaffold.TEMPLATES.parent
    packed = {
        file
        for pattern in settings["package-data"]["optbench.bench.plugins"]
        for file in home.glob(pattern)
    }
    templates = set(scaffold.TEMPLATES.rglob("*.py"))

    assert len(templates) == 4
    assert templates <= packed
