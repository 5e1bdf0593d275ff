"""`optbench check NAME`: what it prints, its JSON, its exit status; the kit in others' tests."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from optbench.bench.check import report as check
from optbench.bench.cli.main import main


def optbench(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_command_prints_verdicts_and_properties():
    """`optbench check NAME` prints each requirement and each property, and exits with 0."""
    result = optbench("check", "adam", "--quick")
    words = " ".join(result.stdout.split())

    assert result.exit_code == 0
    assert all(r.__name__.replace("_", " ") in words for r in check.OPTIMIZER_REQUIREMENTS)
    assert "optimizer adam passes" in words
    assert "rotation of all coordinates" in words


@pytest.mark.slow
def test_the_command_takes_a_file(problems):
    """`optbench check FILE` checks all that the file registers, says which fail, and exits with
    1.
    """
    result = optbench("check", problems, "--quick")
    words = " ".join(result.stdout.split())

    assert result.exit_code == 1
    assert "problem sound_problem passes" in words
    assert "problem steep_problem fails: has its gradient" in words


def test_the_command_prints_json_alone():
    """--json prints one document: what was checked, verdicts, measured numbers; no NaN in it."""
    result = optbench("check", "quadratic", "--quick", "--json")
    document = json.loads(result.stdout, parse_constant=lambda word: pytest.fail(word))
    (one,) = document["checked"]

    assert result.exit_code == 0
    assert document["passed"] is one["passed"] is True
    assert (one["kind"], one["name"]) == ("problem", "quadratic")
    assert {entry["verdict"] for entry in one["requirements"]} == {"pass", "skipped"}
    assert {"name": "parameters", "text": "10: x (10,)", "dim": 10} in one["facts"]


def test_json_has_a_failure(rules):
    """--json of a faulty file: passed is false, the reason stands with the requirement, exit status
    1.
    """
    result = optbench("check", "short", "--json", "--quick")
    (one,) = json.loads(result.stdout)["checked"]

    assert result.exit_code == 1
    assert one["passed"] is False
    assert one["facts"] == []
    assert "returns 2 values" in next(
        v["detail"] for v in one["requirements"] if v["requirement"] == "compiles"
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["adm"], "unknown optimizer or problem 'adm'; did you mean 'adam'"),
        (["adam[beta=1]"], "unknown setting of adam 'beta'"),
        (["lookahead[adm]"], "unknown optimizer 'adm'"),
        (["rosenbrok"], "did you mean 'rosenbrock'"),
        (["torch:adm"], "'torch:adam'"),
        (["nowhere.py"], "plugin file 'nowhere.py' doesn't exist"),
        ([], "give a name or a file"),
    ],
)
def test_wrong_words_end_in_one_line(words, reason):
    """Unknown names and missing files: one line on stderr, exit status 2, nothing on stdout."""
    result = optbench("check", *words)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr


@pytest.mark.slow
def test_the_kit_works_in_another_projects_tests(tmp_path):
    """A plugin author's test module with REQUIREMENTS: pytest names each, gives the reason, skips
    what can't be judged.
    """
    (tmp_path / "their_rule.py").write_text(
        "import optbench as ob\n\n\n@ob.optimizer\ndef their_rule(x, g, m, lr=0.1):\n"
        '    """Them (2000)."""\n    return x - lr * g\n'
    )
    (tmp_path / "test_their_rule.py").write_text(
        "import pytest\nfrom optbench.bench.check.report import OPTIMIZER_REQUIREMENTS\nfrom"
        ' their_rule import their_rule\n\n\n@pytest.mark.parametrize("requirement",'
        " OPTIMIZER_REQUIREMENTS)\ndef test_conforms(requirement):\n    requirement(their_rule)\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rfs",
        "-p",
        "no:cacheprovider",
        "test_their_rule.py",
    ]
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=tmp_path, env=wide, capture_output=True, text=True, timeout=300
    )

    assert "1 failed, 1 passed, 10 skipped" in done.stdout, done.stdout
    assert "Unmet: their_rule.py, line 7: returns 1 value, must return x, m" in done.stdout
    assert "it doesn't compile" in done.stdout
