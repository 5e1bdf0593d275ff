"""Where optimizers and problems come from: files, entry points, and what is said when one is
broken.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import optbench as ob
import pytest
from optbench.bench.plugins import discovery, lookup
from optbench.bench.sweep import suites
from optbench.bench.terminal.notices import Notice

SHRINK = '''
import numpy as np
import optbench as ob


@ob.optimizer
def shrinking(x, g, lr=0.5):
    """A made-up rule: x shrinks by the factor 1 - lr, whatever the gradient."""
    return x - lr * x


def square(x, g):
    for i in range(x.size):
        g[i] = 2.0 * x[i]
    return (x * x).sum()


@ob.problem
def paraboloid(dim=3):
    """The sum of x[i]**2, from (2, ..., 2)."""
    center = np.full(dim, 2.0)
    return ob.Problem(
        formula=square, center=center, spread=0.1, budget=40, source="made up", minimum=0.0
    )
'''
NAMED_ADAM = '''
import optbench as ob


@ob.optimizer
def adam(x, g, lr=0.5):
    """Takes a name that has an owner."""
    return x - lr * g
'''
NAMED_XOR = '''
import numpy as np
import optbench as ob


@ob.problem
def xor(dim=3):
    """Takes a name that has an owner."""
    return ob.Problem(formula=None, center=np.ones(dim), spread=0.1, budget=40, source="made up")
'''


@pytest.fixture
def write(tmp_path):
    """Write a plugin file -> its path."""

    def _write(text, name="plugin_file.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return _write


class Entry:
    """An entry point of another distribution."""

    def __init__(self, group, name, value, load):
        self.group, self.name, self.value, self.load = group, name, value, load


@pytest.fixture
def installed(monkeypatch):
    """Pretend that a distribution with this entry point is installed, and discover anew."""

    def _installed(entry):
        monkeypatch.setattr(
            discovery, "entry_points", lambda *, group: [entry] if group == entry.group else []
        )
        discovery.discover.cache_clear()

    yield _installed
    discovery.discover.cache_clear()


# ----------------------------------------------------------------------------------------------
# files


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
    ("text", "words"),
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
def test_a_broken_file_says_where(write, text, words):
    """A plugin file that can't be used raises a ValueError of one line: the file, the reason, the
    line.
    """
    path = write(text, "broken_plugin.py")
    with pytest.raises(ValueError, match=r"broken_plugin\.py") as caught:
        discovery.load_file(path)

    assert all(word in str(caught.value) for word in words)
    assert "\n" not in str(caught.value)


def test_a_broken_file_harms_nothing_else(write):
    """After a plugin file that raises, everything else is there as before."""
    before = ob.list_optimizers(), ob.list_problems()
    with pytest.raises(ValueError, match="odd"):
        discovery.load_file(write("raise RuntimeError('odd')\n"))

    assert (ob.list_optimizers(), ob.list_problems()) == before


@pytest.mark.parametrize(
    ("text", "name", "owner"),
    [
        (NAMED_ADAM, "adam", "optbench.kernels.update.adam"),
        (NAMED_XOR, "xor", "optbench.problems.network.xor"),
    ],
)
def test_two_owners_of_a_name_are_both_named(write, text, name, owner):
    """A plugin that takes a name of ours raises an error that names both owners, and ours stays."""
    path = write(text, "taking_a_name.py")
    with pytest.raises(ValueError, match=r"taking_a_name") as caught:
        discovery.load_file(path)
    found = ob.get_optimizer(name) if name == "adam" else ob.get_problem(name)

    assert f"{name!r}" in str(caught.value)
    assert owner in str(caught.value)
    assert "taking_a_name" in str(caught.value).partition("can't be loaded")[2]
    assert found.owner.startswith("optbench.")


def test_two_files_of_one_name_are_both_owners(write):
    """Two plugin files that share a file name and register one optimizer are two owners: an error,
    no silent choice.
    """
    first, second = (
        write(SHRINK, "one/rules.py"),
        write(SHRINK.replace("1 - lr", "1 - 2 lr"), "two/rules.py"),
    )
    discovery.load_file(first)

    with pytest.raises(ValueError, match=r"shrinking.*twice"):
        discovery.load_file(second)


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


def test_the_command_runs_a_plugin_file_that_was_moved(write, tmp_path):
    """`optbench run --plugin FILE` in a fresh process runs a file whose kernels were kept from
    another place.
    """
    discovery.load_file(write(SHRINK, "here/rules.py"))
    ob.run(["paraboloid"], ["shrinking"], seeds=1, steps=9)
    file = write(SHRINK, "moved there/rules.py")
    words = [
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
    command = [Path(sys.executable).with_name("optbench"), "run", "--plugin", file, *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    assert (done.stderr, done.returncode) == ("", 0)
    assert ob.load(tmp_path / "results/runs").runs["optimizer"].unique().tolist() == ["shrinking"]


# ----------------------------------------------------------------------------------------------
# what a file names


FACTORY = """
import optbench as ob

def make(beta):
    def averaging(x, g, m, lr=0.1):
        m = beta * m + g
        return x - lr * m, m
    return ob.optimizer(averaging)

make(0.5)
make({})
"""
DEFAULTS = """
import optbench as ob

def make(given):
    @ob.optimizer
    def averaging(x, g, m, lr=0.1, beta=given):
        m = beta * m + g
        return x - lr * m, m

make(0.5)
make({})
"""
LATER = DEFAULTS.replace("beta * m", "beta * later * m").replace(
    "\nmake(0.5)", "    later = 1.0\n\nmake(0.5)"
)
ARRAYS = """
import numpy as np
import optbench as ob

def make(middle):
    weights = np.concatenate([np.zeros(1000), [middle], np.zeros(1000)])
    @ob.optimizer
    def averaging(x, g, m, lr=0.1):
        m = weights[1000] * m + g
        return x - lr * m, m

make(0.5)
make({})
"""
EMPTY = """
import optbench as ob

def make():
    @ob.optimizer
    def averaging(x, g, m, lr=0.1):
        m = later * m + g
        return x - lr * m, m
    later = 0.5
    return averaging

make()
make()
"""
TWO = """
import optbench as ob

@ob.optimizer
def stepping(x, g, lr=0.1):
    return x - lr * g

@ob.optimizer
def stepping(x, g, lr=0.1):
    return x - 2.0 * lr * g
"""
TWO_PROBLEMS = TWO.replace("@ob.optimizer", "@ob.problem").replace("x, g, lr=0.1", "dim=2")


def test_a_factory_called_twice_alike_is_no_other_rule(write):
    """Equal defaults, equal long arrays, and a cell that has no value yet, are no reason to refuse
    a file.
    """
    for text in (
        DEFAULTS.format(0.5),
        DEFAULTS.format("1 / 2"),
        LATER.format(0.5),
        ARRAYS.format(0.5),
        EMPTY,
    ):
        discovery.load_file(write(text))

        assert "averaging" in ob.list_optimizers()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            FACTORY.format(0.9),
            ["'averaging' is registered twice", "rules.py, line 5", "other values"],
        ),
        (
            DEFAULTS.format(0.9),
            ["'averaging' is registered twice", "rules.py, line 5", "other values"],
        ),
        (
            LATER.format(0.9),
            ["'averaging' is registered twice", "rules.py, line 5", "other values"],
        ),
        (
            ARRAYS.format(0.9),
            ["'averaging' is registered twice", "rules.py, line 7", "other values"],
        ),
        (TWO, ["'stepping' is registered twice", "rules.py, line 4 and line 8"]),
        (TWO_PROBLEMS, ["problem 'stepping' is registered twice", "rules.py, line 4 and line 8"]),
    ],
    ids=[
        "a factory",
        "defaults",
        "defaults beside what comes later",
        "long arrays",
        "two rules",
        "two problems",
    ],
)
def test_one_name_for_two_in_a_file_is_refused(text, words, write):
    """What would silently take the other's place is an error that says where: a factory called
    twice, two of one name.
    """
    with pytest.raises(ValueError, match="registered twice") as caught:
        discovery.load_file(write(text, "rules.py"))

    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_one_name_again_is_an_edit(write):
    """A file loaded again, a factory called again with the same values, and a cell run again
    replace what they brought.
    """
    file = write(FACTORY.format(0.5))
    discovery.load_file(file)
    first = ob.get_optimizer("averaging")
    discovery.load_file(file)
    cell = "@ob.optimizer\ndef celled(x, g, lr={}):\n    return x - lr * g\n"
    session = {"ob": ob, "__name__": "__main__"}
    for lr in (0.1, 0.2):
        exec(compile(cell.format(lr), f"<cell {lr}>", "exec"), session)

    assert ob.get_optimizer("averaging") is not first
    assert ob.get_optimizer("celled").lr == 0.2


@pytest.mark.parametrize("word", ["my_rule", "my_rule.py"])
def test_a_file_of_this_folder_is_pointed_at(word, write, tmp_path, monkeypatch):
    """Who names a rule whose file lies here, but wasn't given, is told what to add."""
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


# ----------------------------------------------------------------------------------------------
# entry points


def test_an_installed_plugin_is_found(installed):
    """An optimizer that an installed distribution's entry point brings is listed."""

    def load():
        def entering(x, g, lr=0.1):
            return x - lr * g

        return ob.optimizer(entering)

    installed(Entry("optbench.optimizers", "entering", "their_package.rules", load))

    assert "entering" in ob.list_optimizers()


@pytest.mark.parametrize("group", ["optbench.optimizers", "optbench.problems"])
def test_a_broken_installed_plugin_is_left_out(installed, group):
    """An entry point that can't be loaded is one warning of a line: plugin, entry point, group,
    reason. The rest goes on.
    """

    def load():
        raise ModuleNotFoundError("No module named 'their_dependency'\nor so")

    installed(Entry(group, "their_rules", "their_package.rules", load))
    with pytest.warns(Notice) as caught:
        names = ob.list_optimizers()

    (said,) = [str(one.message) for one in caught]
    assert {"adam", "sgd"} <= set(names)
    assert all(
        word in said
        for word in (
            "their_package.rules",
            "their_rules",
            group,
            "ModuleNotFoundError",
            "their_dependency",
        )
    )
    assert "\n" not in said
    with pytest.raises(
        ValueError,
        match=r"unknown optimizer 'theirs'.*'their_package\.rules' can't be imported: ModuleNot",
    ):
        ob.get_optimizer("theirs")
    with pytest.raises(ValueError, match="unknown setting of adam") as caught:
        ob.get_optimizer("adam", gamma=1.0)
    assert "their_package" not in str(caught.value)


def test_an_installed_plugin_that_takes_a_name_is_named(installed):
    """An entry point that takes a name of ours is left out, with a warning that names both
    owners.
    """

    def load():
        def adam(x, g, lr=0.1):
            return x - lr * g

        adam.__module__ = "their_package.rules"
        return ob.optimizer(adam)

    installed(Entry("optbench.optimizers", "adam", "their_package.rules", load))

    with pytest.warns(Notice, match=r"optbench\.kernels\.update\.adam and by their_package\.rules"):
        assert ob.get_optimizer("adam").owner == "optbench.kernels.update.adam"


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


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("    return x", "line 6: returns 1 value, must return x, m"),
        ("    if g > 0:\n        return x, m", "line 6: not every path returns x, m"),
        ("    return x - rate * g, m", "line 6: 'rate' is not defined"),
    ],
)
def test_a_run_says_what_is_wrong_with_a_rule(write, body, words):
    """A plugin's mistake fails its runs with the author's file and line, and nobody else's."""
    text = (
        "import optbench as ob\n\n@ob.optimizer\ndef faulty(x, g, m, lr=0.1):\n   "
        f' """Wrong."""\n{body}\n'
    )
    discovery.load_file(write(text, "faulty_rule.py"))
    with pytest.warns(
        Notice, match=rf"failed: faulty on quadratic, 1 run: faulty_rule\.py, {words}"
    ):
        runs = ob.run(["quadratic"], ["faulty", "sgd"], lrs=[0.1], seeds=1, steps=3).runs.set_index(
            "optimizer"
        )

    assert runs.loc["faulty", "error"] == f"faulty_rule.py, {words}"
    assert runs.loc["sgd", "status"] != "failed"


def test_an_array_rule_that_returns_fails(write):
    """A rule that should change x in place and returns it instead is told so, not given a score of
    zero.
    """
    head = (
        'import optbench as ob\n\n@ob.optimizer(per="run")\ndef giving(x, g, lr=0.1):\n   '
        ' """Wrong."""\n'
    )
    text = f"{head}    return x - lr * g\n"
    discovery.load_file(write(text, "giving_rule.py"))
    with pytest.raises(
        RuntimeError, match=r"giving on quadratic, 1 run: giving_rule\.py.*must change x in place"
    ):
        ob.run(["quadratic"], ["giving"], lrs=[0.1], seeds=1, steps=3)
