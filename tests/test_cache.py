"""Compiled kernels are kept, never stale, and the host program's Numba is left alone."""

import os
import shutil
import time
from pathlib import Path

import optbench as ob
import pytest

ROOT = Path(__file__).resolve().parents[1]

COUNT = """
from numba.core import event
compiled = []
class Listener(event.Listener):
    def on_start(self, e): compiled.append(e.data)
    def on_end(self, e): pass
event.register("numba:compile", Listener())
"""
RUN = """
import optbench as ob
r = ob.run({problems}, {optimizers}, lrs=[0.01], seeds=2, steps=20, dtype={dtype!r})
assert "failed" not in set(r.runs["status"]), r.runs.to_string()
answer = r.curves["loss"].tolist()[-1]
"""
# a step by hand spares the tests of edits the loop's compilation
STEP = """
import optbench as ob
p = ob.get_problem({problem!r})
walk = ob.get_optimizer({optimizer!r}).start(p.start(1))
answer = p.value_and_grad(walk.step(p.gradient(walk.x)[1]))[0]
"""
TELL = "print(len(compiled), answer)\n"


@pytest.fixture
def copy(tmp_path):
    """A copy of the package that a test may edit: tmp_path/src/optbench."""
    target = tmp_path / "src" / "optbench"
    for folder in ("kernels", "problems", "bench"):
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__", "suite"))
    shutil.copy(ROOT / "__init__.py", target)
    return target


@pytest.fixture
def outcome(python, tmp_path):
    """Run a sweep on a copy in a fresh process with its own cache -> (kernels compiled, last loss)."""

    def _outcome(copy, code):
        head = f"import sys; sys.path.insert(0, {str(copy.parent)!r})\nimport optbench\n"
        head += f"assert optbench.__file__.startswith({str(copy)!r}), optbench.__file__\n"
        words = python(head + COUNT + code + TELL, cwd=tmp_path, OPTBENCH_CACHE_DIR=str(tmp_path / "cache")).split()
        return int(words[0]), float(words[1])

    return _outcome


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new))


def test_a_second_process_compiles_nothing(copy, outcome):
    """Everything compiled is kept: rules, formulas, the loop, the starts; for every optimizer and in mini-batches."""
    code = RUN.format(problems=["rosenbrock", "quadratic"], optimizers=None, dtype="float64")
    cold, loss = outcome(copy, code)
    warm, again = outcome(copy, code)

    assert cold > 10
    assert warm == 0
    assert again == loss


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_second_process_compiles_no_network(copy, outcome, dtype):
    """The network kernels, their mini-batches and their products are kept too, in both dtypes."""
    code = RUN.format(problems=["xor", "digits", "logistic_regression"], optimizers=["adam", "sgd"], dtype=dtype)
    cold, loss = outcome(copy, code)
    warm, again = outcome(copy, code)

    assert (cold > 10, warm, again) == (True, 0, loss)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("kernels/update/adam.py", "return x - lr *", "return x - 2 * lr *"),
        ("problems/rosenbrock.py", "left = b - a * a, 1.0 - a", "left = b - a * a, 2.0 - a"),
        ("kernels/random.py", "radius * (cos(angle)", "radius * (0.5 * cos(angle)"),
    ],
    ids=["rule", "formula", "helper in another file"],
)
def test_edited_code_is_never_answered_by_stale_code(copy, outcome, file, old, new):
    """After an edit to a rule, a formula, or a helper that a kernel calls, the next process runs the new code."""
    code = STEP.format(problem="rosenbrock", optimizer="adam")
    _, before = outcome(copy, code)
    edit(copy / file, old, new)
    compiled, after = outcome(copy, code)

    assert compiled > 0
    assert after != before


@pytest.mark.slow
def test_an_edited_activation_reaches_the_networks(copy, outcome):
    """A scalar formula inlined through three files into the network kernel is not kept beyond its edit."""
    code = STEP.format(problem="xor", optimizer="sgd")
    _, before = outcome(copy, code)
    edit(copy / "kernels/activations.py", "return rise / (rise + two)", "return rise / (rise + one)")
    _, after = outcome(copy, code)

    assert after != before


PLUGIN = """
import optbench as ob

FACTOR = {factor}

def half(g):
    return {inside} * g

@ob.optimizer
def plugged(x, g, lr=0.1):
    '''A test's rule (2000). lr : units of x.'''
    return x - FACTOR * lr * {call}
"""


@pytest.mark.parametrize("change", [{"factor": 2.0}, {"inside": 0.25}], ids=["a global's value", "a helper"])
def test_an_edited_plugin_is_compiled_anew_and_a_same_one_is_not(copy, outcome, tmp_path, change):
    """A plugin file is kept under its own digest: a second run compiles nothing, an edit is picked up."""
    plugin = tmp_path / "plugged.py"
    body = PLUGIN.replace("def half", "import numba\n\n@numba.njit\ndef half")
    words = {"factor": 1.0, "inside": 0.5, "call": "half(g)"}
    code = f"from optbench.bench.plugins import load_file\nload_file({str(plugin)!r})\n"
    code += STEP.format(problem="quadratic", optimizer="plugged")
    plugin.write_text(body.format(**words))
    _, before = outcome(copy, code)
    warm, again = outcome(copy, code)
    plugin.write_text(body.format(**{**words, **change}))
    compiled, after = outcome(copy, code)

    assert warm == 0
    assert again == before
    assert compiled > 0
    assert after != before


def test_the_hosts_numba_is_left_alone(python, tmp_path):
    """Using optbench changes neither Numba's cache directory nor what the host's own functions do."""
    told = python(
        "import numba\n"
        "numba.config.CACHE_DIR = 'mine'\n"
        "import optbench as ob\n"
        "ob.get_problem('rosenbrock').value_and_grad([0.0, 0.0])\n"
        "ob.get_optimizer('adam').start([1.0]).step([1.0])\n"
        "print(numba.config.CACHE_DIR)",
        cwd=tmp_path,
    )

    assert told.strip() == "mine"
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_cache_costs_only_time(python, tmp_path):
    """Where the cache can't be written, kernels are compiled all the same, and one line says so."""
    blocker = tmp_path / "file"
    blocker.write_text("")
    told = python(
        "import contextlib, io\n"
        "with contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "    import optbench as ob\n"
        "    print(ob.get_problem('rosenbrock').value_and_grad([1.0, 1.0])[0])\n"
        "    ob.get_optimizer('sgd').start([1.0]).step([1.0])\n"
        "print(err.getvalue().count('OPTBENCH_CACHE_DIR'))",
        OPTBENCH_CACHE_DIR=str(blocker / "below"),
    )

    assert told.split() == ["0.0", "1"]


def test_old_digests_are_pruned(tmp_path, monkeypatch):
    """Making a new digest's folder removes those unused for thirty days, and nothing that isn't a digest's."""
    from optbench.kernels import cache

    monkeypatch.setenv("OPTBENCH_CACHE_DIR", str(tmp_path))
    ages = {"a" * 16: 31, "b" * 16: 29, "c" * 16: 400, "documents": 400}
    for name, days in ages.items():
        (tmp_path / "kernels" / name).mkdir(parents=True)
        os.utime(tmp_path / "kernels" / name, (time.time() - days * 86400,) * 2)
    cache.directory.__wrapped__("d" * 16)
    left = sorted(folder.name for folder in (tmp_path / "kernels").iterdir())

    assert left == ["b" * 16, "d" * 16, "documents"]


def test_a_rule_in_a_notebook_runs(python):
    """A rule decorated where there is no file (a notebook, a prompt) works, and edits to its globals count."""
    told = python(
        "import optbench as ob\n"
        "source = '''\n"
        "@ob.optimizer\n"
        "def typed(x, g, lr=0.1):\n"
        '    "A test\'s rule (2000). lr : units of x."\n'
        "    return x - FACTOR * lr * g\n"
        "'''\n"
        "for factor in (1.0, 3.0):\n"
        "    space = {'ob': ob, 'FACTOR': factor, '__name__': '__main__'}\n"
        "    exec(source, space)\n"
        "    print(space['typed'].start([1.0]).step([1.0])[0])\n"
    )

    assert [round(float(word), 12) for word in told.split()] == [0.9, 0.7]


TWO_FILES = """
import numpy as np
import optbench as ob

for module, size in (("optbench.problems.one_file", 1.0), ("optbench.problems.another_file", 2.0)):
    space = {"__name__": module}
    exec(
        f"def hill(x, g, loss):\\n"
        f"    for lane in range(loss.size):\\n        loss[lane] = {size}\\n        g[0, lane] = 0.0\\n"
        f"def into(x):\\n    x[0] = {size}\\n",
        space,
    )
    problem = ob.Problem(space["hill"], np.zeros(1), 0.1, 10, "a test", project=space["into"], family="hill")
    x = np.zeros((1, 16))
    problem.projection()(x, x, np.zeros(16), np.zeros(0), np.zeros(0, int), np.zeros(16, int), 1)
    print(problem.values(np.zeros((1, 1)))[0], x[0, 0])
"""


def test_formulas_of_one_name_in_two_files_stay_apart(python, tmp_path):
    """Two built-in formulas, or projections, that are called alike are two kernels, also where kernels are cached."""
    # a cache of its own: modules that aren't there any more can't be loaded in the next run of the tests
    assert python(TWO_FILES, OPTBENCH_CACHE_DIR=str(tmp_path)).split() == ["1.0", "1.0", "2.0", "2.0"]


NESTED = """
import numpy as np
import optbench as ob


def made(formula):
    return ob.Problem(formula, np.full(2, 3.0), 0.1, 10, "a test", minimum=0.0)


@ob.problem
def nested_one():
    def loss(x, g):
        g[:] = 2.0 * x
        return (x * x).sum()

    return made(loss)


@ob.problem
def nested_ten():
    def loss(x, g):
        g[:] = 20.0 * x
        return 10.0 * (x * x).sum()

    return made(loss)
"""


@pytest.mark.parametrize("word", ["", "[shift=1.0]"])
def test_nested_formulas_of_one_name_stay_apart(tmp_path, word):
    """Two problems of one plugin file, each with a `loss` of its own inside: each is evaluated by its own, transformed too."""
    from optbench.bench import plugins

    file = tmp_path / "nested.py"
    file.write_text(NESTED)
    plugins.load_file(file)
    losses = [
        problem.value_and_grad(problem.start(0))[0]
        for problem in map(ob.get_problem, (f"nested_one{word}", f"nested_ten{word}"))
    ]

    assert losses == pytest.approx([18.0, 180.0])
