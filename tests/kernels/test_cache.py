"""Compiled kernels are kept, never stale, and the host program's Numba is left alone."""

import hashlib
import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import optbench as ob
import pytest

ROOT = Path(__file__).resolve().parents[2]

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
        shutil.copytree(
            ROOT / folder,
            target / folder,
            ignore=shutil.ignore_patterns("__pycache__", "benchmarks"),
        )
    shutil.copy(ROOT / "__init__.py", target)
    return target


@pytest.fixture
def outcome(python, tmp_path):
    """Run a sweep on a copy in a fresh process with its own cache -> (kernels compiled, last
    loss).
    """

    def _outcome(copy, code):
        head = f"import sys; sys.path.insert(0, {str(copy.parent)!r})\nimport optbench\n"
        head += f"assert optbench.__file__.startswith({str(copy)!r}), optbench.__file__\n"
        words = python(
            head + COUNT + code + TELL, cwd=tmp_path, OPTBENCH_CACHE_DIR=str(tmp_path / "cache")
        ).split()
        return int(words[0]), float(words[1])

    return _outcome


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new))


@pytest.mark.slow
def test_a_second_process_compiles_nothing(copy, outcome):
    """Everything compiled is kept: rules, formulas, the loop, the starts; for every optimizer and
    in mini-batches.
    """
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
    code = RUN.format(
        problems=["xor", "digits", "logistic_regression"], optimizers=["adam", "sgd"], dtype=dtype
    )
    cold, loss = outcome(copy, code)
    warm, again = outcome(copy, code)

    assert (cold > 10, warm, again) == (True, 0, loss)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("kernels/update/adam.py", "return x - lr *", "return x - 2 * lr *"),
        (
            "problems/analytic/rosenbrock.py",
            "left = b - a * a, 1.0 - a",
            "left = b - a * a, 2.0 - a",
        ),
        ("kernels/random.py", "radius * (cos(angle)", "radius * (0.5 * cos(angle)"),
    ],
    ids=["rule", "formula", "helper in another file"],
)
def test_edited_code_is_never_answered_by_stale_code(copy, outcome, file, old, new):
    """After an edit to a rule, a formula, or a helper that a kernel calls, the next process runs
    the new code.
    """
    code = STEP.format(problem="rosenbrock", optimizer="adam")
    _, before = outcome(copy, code)
    edit(copy / file, old, new)
    compiled, after = outcome(copy, code)

    assert compiled > 0
    assert after != before


@pytest.mark.slow
def test_an_edited_activation_reaches_the_networks(copy, outcome):
    """A scalar formula inlined through three files into the network kernel is not kept beyond its
    edit.
    """
    code = STEP.format(problem="xor", optimizer="sgd")
    _, before = outcome(copy, code)
    edit(
        copy / "kernels/network/activations.py",
        "return rise / (rise + two)",
        "return rise / (rise + one)",
    )
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


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", [{"factor": 2.0}, {"inside": 0.25}], ids=["a global's value", "a helper"]
)
def test_an_edited_plugin_is_compiled_anew_and_a_same_one_is_not(copy, outcome, tmp_path, change):
    """A plugin file is kept under its own digest: a second run compiles nothing, an edit is picked
    up.
    """
    plugin = tmp_path / "plugged.py"
    body = PLUGIN.replace("def half", "import numba\n\n@numba.njit\ndef half")
    words = {"factor": 1.0, "inside": 0.5, "call": "half(g)"}
    code = f"from optbench.bench.plugins.discovery import load_file\nload_file({str(plugin)!r})\n"
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
    """Using optbench changes neither Numba's cache directory nor what the host's own functions
    do.
    """
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
    """Making a new digest's folder removes those unused for thirty days, and nothing that isn't a
    digest's.
    """
    from optbench.kernels import cache

    monkeypatch.setenv("OPTBENCH_CACHE_DIR", str(tmp_path))
    ages = {"a" * 16: 31, "b" * 16: 29, "c" * 16: 400, "documents": 400}
    for name, days in ages.items():
        (tmp_path / "kernels" / name).mkdir(parents=True)
        os.utime(tmp_path / "kernels" / name, (time.time() - days * 86400,) * 2)
    half = (
        tmp_path / "kernels" / ("b" * 16) / "loop.kernel.12345678.tmp"
    )  # of a process that was killed while writing
    half.write_bytes(b"half")
    os.utime(half, (time.time() - 2 * 86400,) * 2)
    os.utime(half.parent, (time.time() - 29 * 86400,) * 2)
    cache.write("d" * 16, "loop.kernel", b"a kernel")
    left = sorted(folder.name for folder in (tmp_path / "kernels").iterdir())

    assert left == ["b" * 16, "d" * 16, "documents"]
    assert not half.exists()


def test_a_rule_in_a_notebook_runs(python):
    """A rule decorated where there is no file (a notebook, a prompt) works, and edits to its
    globals count.
    """
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


LIBRARY = """
import optbench as ob
import numba_library as lib

@ob.optimizer
def librarian(x, g, lr=0.1):
    '''A test's rule (2000). lr : units of x.'''
    return x - lr * lib.GAIN * lib.push(g)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("numba_library", "GAIN = 1.0", "GAIN = 0.5"),
        ("numba_depth", "return 1.0 * g", "return 0.5 * g"),
    ],
    ids=["an attribute of a module", "a helper behind a helper that Numba itself caches"],
)
def test_a_library_edit_is_neither_answered_by_old_kernels_nor_by_old_runs(
    python, tmp_path, module, old, new
):
    """x - lr GAIN g, GAIN edited from 1 to 1/2: the store's runs are superseded, and a fresh store
    gets the new kernel.

    On 1/2 x² from x0 with lr 0.1, one step leads to (1 - 0.1 GAIN) x0.
    """
    texts = {
        "numba_library": (
            "import numba\nimport numba_depth\nGAIN = 1.0\n"
            "@numba.njit(cache=True)\ndef push(g):\n    return numba_depth.deepest(g)\n"
        ),
        "numba_depth": "import numba\n@numba.njit\ndef deepest(g):\n    return 1.0 * g\n",
        "librarian": LIBRARY,
        "bowl": (
            "import numpy as np\nimport optbench as ob\n\n@ob.problem\ndef plain_bowl():\n"
            "    def loss(x, g):\n        g[:] = x\n        return 0.5 * (x * x).sum()\n\n"
            "    return ob.Problem(loss, np.ones(1), 0.0, 1, 'a test', minimum=0.0)\n"
        ),
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)

    def outcome(store):
        code = (
            f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nimport librarian, bowl\nfrom"
            " optbench.bench.runs.run import execute\nfrom optbench.bench.sweep.request import"
            " Request\nfrom optbench.bench.sweep.sweep import plan\nasked ="
            " Request(problems=['plain_bowl'], optimizers=['librarian'], lrs=[0.1], seeds=1)\n"
            "done = execute(plan(asked),"
            f" store={store!r})\nprint(done.computed, done.superseded,"
            " done.results.runs['final_loss'][0])"
        )
        environment = {
            "OPTBENCH_CACHE_DIR": str(tmp_path / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        computed, superseded, loss = python(code, cwd=tmp_path, **environment).split()
        return int(computed), int(superseded), float(loss)

    first, again = outcome("store"), outcome("store")
    edit(tmp_path / f"{module}.py", old, new)
    edited, fresh = outcome("store"), outcome("fresh")

    assert (first[:2], again[:2], edited[:2], fresh[:2]) == ((1, 0), (0, 0), (1, 1), (1, 0))
    assert [first[2], again[2]] == pytest.approx([0.5 * 0.9**2] * 2, rel=1e-14)
    assert [edited[2], fresh[2]] == pytest.approx([0.5 * 0.95**2] * 2, rel=1e-14)


@pytest.mark.slow
def test_kernels_of_other_compiler_settings_are_others(copy, outcome, python, tmp_path):
    """What one process compiles without vectorised loops is not what the next plain one runs, and
    its own is kept too.
    """
    code = STEP.format(problem="rosenbrock", optimizer="adam")
    slow = f"import os; os.environ['NUMBA_LOOP_VECTORIZE'] = '0'\n{code}"
    counts = [outcome(copy, text)[0] for text in (slow, code, slow, code)]

    assert min(counts[:2]) > 0
    assert counts[2:] == [0, 0]


@pytest.mark.parametrize(
    "word", ["OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "CPU_NAME", "ENABLE_AVX"]
)
def test_a_setting_that_changes_code_is_in_the_digest(monkeypatch, word):
    """Also where the host program sets it while it runs; settings about printing and threads are
    not.
    """
    from numba.core import config
    from optbench.kernels import cache

    before = cache.builtin_digest()
    monkeypatch.setattr(config, "DUMP_LLVM", 1)
    monkeypatch.setattr(config, "NUMBA_NUM_THREADS", 1)
    assert cache.builtin_digest() == before
    monkeypatch.setattr(config, word, {"OPT": 0, "CPU_NAME": "generic"}.get(word, 7))

    assert cache.builtin_digest() != before


DAMAGES = {
    "empty": lambda file: file.write_bytes(b""),
    "half": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "one byte short": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "junk": lambda file: file.write_bytes(b"junk" * 1000),
    "one bit": lambda file: flip(file, file.stat().st_size // 2),
    "a bit of the digest": lambda file: flip(file, 3),
    "another kernel's": lambda file: file.write_bytes(hashlib.sha256(b"x").digest() + b"x"),
    "a pickle of something else": lambda file: stamp(file, pickle.dumps([1, 2, 3])),
    "a pickle of an unknown class": lambda file: stamp(file, b"cnowhere\nNothing\n."),
    "gone": lambda file: file.unlink(),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "a link to itself": lambda file: (file.unlink(), file.symlink_to(file)),
}


def flip(file, place):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def stamp(file, content):
    file.write_bytes(hashlib.sha256(content).digest() + content)


@pytest.fixture
def small_kernel(tmp_path, monkeypatch):
    """A function compiled for float64, kept in a cache of its own -> (its answer to 2.0, whether it
    was loaded), afresh.
    """
    from numba import float64
    from optbench.kernels import jit

    monkeypatch.setenv("OPTBENCH_CACHE_DIR", str(tmp_path))

    def _small_kernel():
        made: Any = jit.kernel(three_times, float64(float64), "e" * 16)
        return made(2.0), sum(made.stats.cache_hits.values()) == 1

    return _small_kernel


def three_times(x):
    return 3.0 * x


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_absent_and_replaced(small_kernel, tmp_path, damage):
    """Whatever became of a kept kernel, it is compiled anew and kept again; a flipped bit never
    runs.
    """
    assert small_kernel() == (6.0, False)
    assert small_kernel() == (6.0, True)
    (file,) = (tmp_path / "kernels" / ("e" * 16)).iterdir()
    damage(file)

    assert small_kernel() == (6.0, False)
    assert small_kernel() == (6.0, True)


def test_a_file_in_the_folder_s_place_is_replaced(small_kernel, tmp_path):
    """Where a file has the name of a digest's folder, the folder takes its place."""
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels" / ("e" * 16)).write_text("not a folder")

    assert [small_kernel(), small_kernel()] == [(6.0, False), (6.0, True)]


def test_a_warm_cache_is_read_wherever_it_was_copied_to(small_kernel, tmp_path, monkeypatch):
    """Its contents decide, not the times of its files: of a cache of another day, in another
    folder, nothing is compiled.
    """
    small_kernel()
    copied = tmp_path / "copied"
    shutil.copytree(tmp_path / "kernels", copied / "kernels", copy_function=shutil.copyfile)
    for path in copied.rglob("*"):
        os.utime(path, (1e9, 1e9))
    monkeypatch.setenv("OPTBENCH_CACHE_DIR", str(copied))

    assert small_kernel() == (6.0, True)


def test_a_cache_that_can_only_be_read_is_read(small_kernel, tmp_path, monkeypatch, capsys):
    """On a read-only file system a warm cache serves, without a word; what is new is compiled, and
    one line says so.
    """
    from optbench.kernels import cache

    small_kernel()
    cache.say_not_kept.cache_clear()

    def refuse(*arguments, **words):
        raise OSError(30, "Read-only file system")

    for place, word in (
        (os, "replace"),
        (os, "utime"),
        (Path, "write_bytes"),
        (Path, "mkdir"),
        (Path, "unlink"),
    ):
        monkeypatch.setattr(place, word, refuse)
    warm, said = small_kernel(), capsys.readouterr().err
    (tmp_path / "kernels" / ("e" * 16)).rename(tmp_path / "elsewhere")
    new, once = [small_kernel(), small_kernel()], capsys.readouterr().err
    monkeypatch.undo()
    cache.say_not_kept.cache_clear()

    assert (warm, said) == ((6.0, True), "")
    assert new == [(6.0, False)] * 2
    assert once.count("\n") == 1
    assert "Read-only file system" in once
    assert "OPTBENCH_CACHE_DIR" in once


def test_a_full_disk_costs_only_time(python, tmp_path):
    """Where no byte can be written any more, kernels are compiled all the same, one line says so,
    and no half file is left.
    """
    told = python(
        "import contextlib, io, resource\n"
        # each write ends in an error, as on a full disk
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "with contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "    import optbench as ob\n"
        "    print(ob.get_problem('rosenbrock').value_and_grad([1.0, 1.0])[0])\n"
        "    ob.get_optimizer('sgd').start([1.0]).step([1.0])\n"
        "print(err.getvalue().count('OPTBENCH_CACHE_DIR'), err.getvalue().count(chr(10)))",
        OPTBENCH_CACHE_DIR=str(tmp_path),
        PYTHONDONTWRITEBYTECODE="1",
    )

    assert told.split() == ["0.0", "1", "1"]
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_an_unknown_user_without_a_home_costs_only_time(python):
    """Without HOME and without an entry in the system's list of users, nothing fails, and one line
    says what to do.
    """
    environment = {
        word: value for word, value in os.environ.items() if word not in ("HOME", "XDG_CACHE_HOME")
    }
    environment.pop("OPTBENCH_CACHE_DIR", None)
    code = (
        "import contextlib, io, pwd\n"
        "def unknown(*_): raise KeyError('getpwuid(): uid not found')\n"
        "pwd.getpwuid = unknown\n"
        "with contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "    import optbench as ob\n"
        "    print(ob.get_problem('rosenbrock').value_and_grad([1.0, 1.0])[0])\n"
        "print(err.getvalue())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    loss, *said = done.stdout.strip().splitlines()

    assert loss == "0.0"
    assert len(said) == 1
    assert "OPTBENCH_CACHE_DIR" in said[0]


def test_a_tilde_is_the_user_s_home(monkeypatch, tmp_path):
    """OPTBENCH_CACHE_DIR=~/kernels means a folder at home, not one called ~."""
    from optbench.kernels import cache

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("OPTBENCH_CACHE_DIR", "~/mine")

    assert cache.home() == tmp_path / "mine" / "kernels"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["maß", "правило"])
def test_a_rule_may_have_any_letters_whatever_the_locale(python, tmp_path, name):
    """Names that aren't ASCII are compiled and kept under LC_ALL=C, without UTF-8 mode, too."""
    plugin = tmp_path / "letters.py"
    plugin.write_text(
        f"import optbench as ob\n\n@ob.optimizer\ndef {name}(x, g, lr=0.1):\n    return x - lr"
        " * g\n",
        encoding="utf-8",
    )
    code = (
        "from optbench.bench.plugins.discovery import"
        f" load_file\nload_file({str(plugin)!r})\nimport optbench as ob\nwalk ="
        f" ob.get_optimizer({name!a}).start([1.0])\nprint(walk.step([1.0])[0])"
    )
    environment = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "OPTBENCH_CACHE_DIR": str(tmp_path / "cache"),
    }

    assert [
        python(COUNT + code + "\nprint(len(compiled) > 0)", **environment).split() for _ in range(2)
    ] == [
        ["0.9", "True"],
        ["0.9", "False"],
    ]


def test_a_rule_that_names_what_has_no_digest_says_so(python, tmp_path):
    """A rule whose Python part reads a data frame works, is compiled anew in each process, and one
    line says why.
    """
    code = (
        "import contextlib, io, warnings\nimport numba, pandas as pd, optbench as ob\n"
        # object mode holds Python's lock
        "warnings.simplefilter('ignore', numba.errors.NumbaWarning)\n"
        "table = pd.DataFrame({'a': [2.0]})\n"
        "@ob.optimizer(per='run')\n"
        "def looked_up(x, g, lr=0.1):\n"
        "    'A test (2000). lr : units of x.'\n"
        "    with numba.objmode(factor='float64'):\n        factor = float(table['a'][0])\n"
        "    for i in range(x.size):\n        x[i] -= lr * factor * g[i]\n"
        "with contextlib.redirect_stderr(io.StringIO()) as err:\n"
        "    print(looked_up.start([1.0]).step([1.0])[0], looked_up.start([1.0]).step([1.0])[0])\n"
        "print(err.getvalue().strip())"
    )
    numbers, said = python(code, OPTBENCH_CACHE_DIR=str(tmp_path)).splitlines()

    assert numbers == "0.8 0.8"
    assert said.startswith("optbench: 'looked_up' uses table of type DataFrame;")
    assert said.endswith("compiled anew in each process")


@pytest.mark.slow
@pytest.mark.parametrize("array", ["np.ones(200_000)", "np.ones(40)[::2]", "np.ones(20)"])
def test_a_formula_that_holds_a_large_array_says_that_it_is_not_kept(array, python, tmp_path):
    """Numba puts the address of such an array, or of one with gaps, into the code: no other process
    could use it.
    """
    code = (
        f"import contextlib, io\nimport numpy as np, optbench as ob\nTABLE = {array}\ndef tabled(x,"
        " g):\n    g[0] = 2.0 * (x[0] - TABLE[-1])\n    return (x[0] - TABLE[-1]) ** 2\nwith"
        " contextlib.redirect_stderr(io.StringIO()) as err:\n    problem ="
        " ob.Problem(formula=tabled, center=np.zeros(1), spread=0.1, budget=9, source='a test',"
        " minimum=0.0)\n    print(problem.gradient(np.array([3.0]))[0],"
        " problem.gradient(np.array([3.0]))[0])\nprint(err.getvalue().strip())"
    )
    numbers, said = python(code, OPTBENCH_CACHE_DIR=str(tmp_path)).split("\n", 1)

    assert numbers == "4.0 4.0"
    large = "an array of more than a megabyte, or one that isn't contiguous (np.ascontiguousarray)"
    line = f"optbench: 'tabled' holds {large}, so it is compiled anew in each process"
    assert said.strip() == ("" if array == "np.ones(20)" else line)


TWO_FILES = """
import numpy as np
import optbench as ob

for module, size in (("optbench.problems.one_file", 1.0), ("optbench.problems.another_file", 2.0)):
    space = {"__name__": module}
    exec(
        f"def hill(x, g, loss):\\n"
        f"    for lane in range(loss.size):\\n        loss[lane] = {size}\\n"
        f"        g[0, lane] = 0.0\\n"
        f"def into(x):\\n    x[0] = {size}\\n",
        space,
    )
    words = {"project": space["into"], "family": "hill"}
    problem = ob.Problem(space["hill"], np.zeros(1), 0.1, 10, "a test", **words)
    x = np.zeros((1, 16))
    problem.projection()(x, x, np.zeros(16), np.zeros(0), np.zeros(0, int), np.zeros(16, int), 1)
    print(problem.values(np.zeros((1, 1)))[0], x[0, 0])
"""


def test_formulas_of_one_name_in_two_files_stay_apart(python, tmp_path):
    """Two built-in formulas, or projections, that are called alike are two kernels, also where
    kernels are cached.
    """
    # a cache of its own: modules that aren't there any more can't be loaded in the next run of the
    # tests
    assert python(TWO_FILES, OPTBENCH_CACHE_DIR=str(tmp_path)).split() == [
        "1.0",
        "1.0",
        "2.0",
        "2.0",
    ]


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


@pytest.mark.slow
@pytest.mark.parametrize("word", ["", "[shift=1.0]"])
def test_nested_formulas_of_one_name_stay_apart(tmp_path, word):
    """Two problems of one plugin file, each with a `loss` of its own inside: each is evaluated by
    its own, transformed too.
    """
    from optbench.bench.plugins import discovery

    file = tmp_path / "nested.py"
    file.write_text(NESTED)
    discovery.load_file(file)
    losses = [
        problem.value_and_grad(problem.start(0))[0]
        for problem in map(ob.get_problem, (f"nested_one{word}", f"nested_ten{word}"))
    ]

    assert losses == pytest.approx([18.0, 180.0])
