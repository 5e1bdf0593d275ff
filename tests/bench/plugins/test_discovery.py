"""Where optimizers and problems come from: ours by folder, and files by --plugin."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import optbench as ob
import pytest
from optbench.bench.plugins import discovery, lookup
from optbench.bench.sweep import suites
from optbench.bench.terminal.notices import Notice
from plugin_file import SHRINK


def test_a_file_adds_its_names(write):
    """The optimizers and problems of a plugin file are listed with ours, in order."""
    discovery.load_file(write(SHRINK))

    assert "shrinking" in ob.list_optimizers()
    assert "paraboloid" in ob.list_problems()
    assert ob.list_optimizers() == sorted(ob.list_optimizers())
    assert ob.list_problems() == sorted(ob.list_problems())


def test_a_plugin_runs_like_ours(write):
    """A plugin's optimizer runs on a plugin's problem, with its settings and parameters, to the
    numbers it says.
    """
    discovery.load_file(write(SHRINK))
    runs = ob.run(["paraboloid[dim=4]"], ["shrinking"], lrs=[0.25], seeds=[0], steps=6).runs

    assert runs["error"].tolist() == [""]
    assert runs["problem"].tolist() == ["paraboloid[dim=4]"]
    np.testing.assert_allclose(runs["final_loss"], 16 * 0.75**12)


def test_a_plugin_and_ours_run_together(write):
    """A plugin's rule runs on our problems, and ours on a plugin's."""
    discovery.load_file(write(SHRINK))
    runs = ob.run(
        ["quadratic", "paraboloid"], ["sgd", "shrinking"], lrs=[0.25], seeds=[0], steps=6
    ).runs
    runs = runs.set_index(["problem", "optimizer"])
    ratio = runs["final_loss"] / runs["initial_loss"]

    np.testing.assert_allclose(ratio["paraboloid", "sgd"], 0.5**12)
    np.testing.assert_allclose(ratio["quadratic", "shrinking"], 0.75**12)


def test_the_default_sweep_holds_plugins(write):
    """Without names a sweep covers the plugins too."""
    discovery.load_file(write(SHRINK))
    names = [problem.name for problem in suites.default_problems()]

    assert {"paraboloid", "rosenbrock", "rosenbrock[dim=10]"} <= set(names)


def test_a_plugin_is_a_near_miss(write):
    """A misspelt plugin name is corrected like ours."""
    discovery.load_file(write(SHRINK))

    with pytest.raises(ValueError, match="did you mean 'shrinking'"):
        ob.get_optimizer("shrnking")


def test_a_file_named_twice_is_loaded_like_once(write):
    """Naming a plugin file twice is harmless."""
    path = write(SHRINK)
    discovery.load_file(path)
    discovery.load_file(path)

    assert ob.list_optimizers().count("shrinking") == 1


def test_a_missing_file_is_named(tmp_path):
    """A plugin file that doesn't exist raises a ValueError that names it."""
    with pytest.raises(ValueError, match=r"nowhere\.py.*doesn't exist"):
        discovery.load_file(tmp_path / "nowhere.py")


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("import optbench\n\ndef (:\n", ["SyntaxError", "line 3"]),
        ("import optbench\n\nraise KeyError('beta9')\n", ["KeyError", "beta9", "line 3"]),
        ("import no_such_module_anywhere\n", ["no_such_module_anywhere", "line 1"]),
        ("x = 1\n", ["registers nothing"]),
        ("import optbench as ob\n@ob.optimizer\ndef odd(y, z): return y\n", ["'odd'", "x, g"]),
        (
            "import optbench as ob\n@ob.optimizer\ndef odd(x, g, word='a'): return x\n",
            ["'odd'", "'word'", "number"],
        ),
        (
            "import optbench as ob\n@ob.problem\ndef odd(dim): return None\n",
            ["'odd'", "'dim'", "default"],
        ),
    ],
)
def test_a_broken_file_says_where(write, text, reasons):
    """A plugin file that can't be used raises a ValueError of one line: the file, the reason, the
    line.
    """
    path = write(text, "broken_plugin.py")
    with pytest.raises(ValueError, match=r"broken_plugin\.py") as caught:
        discovery.load_file(path)

    assert all(reason in str(caught.value) for reason in reasons)
    assert "\n" not in str(caught.value)


def test_a_broken_file_harms_nothing_else(write):
    """After a plugin file that raises, everything else is there as before."""
    before = ob.list_optimizers(), ob.list_problems()
    with pytest.raises(ValueError, match="odd"):
        discovery.load_file(write("raise RuntimeError('odd')\n"))

    assert (ob.list_optimizers(), ob.list_problems()) == before


def test_a_problem_that_cannot_be_made_is_named(write):
    """A problem whose function raises gives a ValueError of one line that names it and the
    reason.
    """
    discovery.load_file(
        write("import optbench as ob\n@ob.problem\ndef unmade(dim=3): return [][dim]\n")
    )
    with pytest.raises(ValueError, match="unmade") as caught:
        ob.run(["unmade"], ["sgd"], lrs=[0.1], seeds=1, steps=2)

    assert "IndexError" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_the_command_runs_a_plugin_file_that_was_moved(write, tmp_path):
    """`optbench run --plugin FILE` in a fresh process runs a file whose kernels were kept from
    another place.
    """
    discovery.load_file(write(SHRINK, "here/rules.py"))
    ob.run(["paraboloid"], ["shrinking"], seeds=1, steps=9)
    file = write(SHRINK, "moved there/rules.py")
    options = [
        "-p",
        "paraboloid",
        "-o",
        "shrinking",
        "--seeds",
        "1",
        "--steps",
        "9",
        "--no-figures",
        "--quiet",
    ]
    command = [Path(sys.executable).with_name("optbench"), "run", "--plugin", file, *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    assert (done.stderr, done.returncode) == ("", 0)
    assert ob.load(tmp_path / "results/runs").runs["optimizer"].unique().tolist() == ["shrinking"]


@pytest.mark.parametrize("word", ["my_rule", "my_rule.py"])
def test_a_file_of_this_folder_is_pointed_at(word, write, tmp_path, monkeypatch):
    """Who names a rule whose file lies here, but wasn't given, learns what to add."""
    write(SHRINK, "my_rule.py")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(
        ValueError,
        match=r"optimizer 'my_rule(\.py)?'; my_rule\.py is a file.* add --plugin my_rule\.py",
    ):
        ob.get_optimizer(word)
    with pytest.raises(ValueError, match=r"add --plugin my_rule\.py"):
        lookup.named(word)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "import optbench as ob\n\ndef f(x)\n    pass\n",
            "SyntaxError: expected ':' (rules.py, line 3)",
        ),
        (
            "import optbench as ob\nimport wrong\n",
            "ZeroDivisionError: division by zero (wrong.py, line 2)",
        ),
        ("import optbench as ob\n1 / 0\n", "ZeroDivisionError: division by zero (line 2)"),
        (
            "import numba\n\n@numba.njit('float64(float64[:])')\ndef f(x):\n    return x.none\n",
            "TypingError: rules.py, line 5: Unknown attribute 'none' of type array(float64, 1d, A)",
        ),
    ],
)
def test_a_mistake_is_placed_once(text, reason, write):
    """The line of an error is named once, of the file beside the plugin if it is there."""
    write("\n1 / 0\n", "wrong.py")
    with pytest.raises(ValueError, match="can't be loaded") as caught:
        discovery.load_file(write(text, "rules.py"))

    assert str(caught.value).endswith(f"can't be loaded: {reason}")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_in_another_encoding(encoding, tmp_path):
    """A plugin's byte-order mark is no matter; UTF-16 is an error that says what to do."""
    (tmp_path / "rules.py").write_text(SHRINK, encoding=encoding)
    if encoding == "utf-8-sig":
        discovery.load_file(tmp_path / "rules.py")
        assert ob.get_optimizer("shrinking").lr == 0.5
    else:
        with pytest.raises(ValueError, match="save the file as UTF-8"):
            discovery.load_file(tmp_path / "rules.py")


def test_a_problem_that_cannot_be_made_ends_nothing_else(write):
    """A plugin's problem that can't be made is left out of suites, with a warning; asked for by
    name it is an error.
    """
    discovery.load_file(
        write("import optbench as ob\n@ob.problem\ndef unmade(dim=3): return [][dim]\n")
    )
    with pytest.warns(Notice, match="'unmade' can't be made: IndexError.*left out"):
        found = suites.default_problems()

    assert "beale" in {problem.name for problem in found}


def test_every_rule_of_ours_is_found():
    """Every file in kernels/update/ brings an optimizer of its own name."""
    folder = Path(ob.__file__).parent / "kernels" / "update"
    files = {file.stem for file in folder.glob("*.py")} - {"__init__"}

    assert files <= set(ob.list_optimizers())
