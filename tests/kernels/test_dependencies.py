"""An edit to anything that the compiler reads of a function is another digest; what it doesn't read
is not.
"""

import importlib
import itertools
import os
import subprocess
import sys
import textwrap

import optbench as ob
import pytest
from optbench.bench.plugins import discovery
from optbench.kernels import dependencies, known_modules, sources

COUNTER = itertools.count()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write modules into a folder of Python's path and import the one called `rule` -> its function
    `rule`.
    """
    monkeypatch.syspath_prepend(str(tmp_path))

    def _package(**modules):
        for name in modules:
            (tmp_path / f"{name}.py").write_text(textwrap.dedent(modules[name]), encoding="utf-8")
        for name in modules:
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        # Python takes a file of the same size and second for the same one
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        return importlib.import_module("rule").rule

    yield _package
    for name in ("rule", "lib", "deeper"):
        sys.modules.pop(name, None)


RULE = """
import numba, numpy as np
import lib
from lib import push
def rule(x, g, lr=0.1):
    return {body}
"""
LIB = """
import numba, numpy as np
import deeper
GAIN = 1.0
TABLE = np.array([1.0, 2.0])
PAIR = (1.0, {{"a", "b", "c"}})
class Config:
    gain = 1.0
    inner = (1, 2)
@numba.njit
def push(g, by=1.0):
    return GAIN * deeper.pull(g)
"""
DEEPER = """
import numba
SCALE = 1.0
@numba.njit
def half(g):
    return SCALE * g
@numba.njit
def pull(g):
    return half(g)
"""
EDITS = {
    "an attribute of a module": ("x - lr * lib.GAIN * g", "lib", "GAIN = 1.0", "GAIN = 0.5"),
    "a function of a module": ("x - lr * lib.push(g)", "lib", "return GAIN", "return 2 * GAIN"),
    "a function imported by name": ("x - lr * push(g)", "lib", "return GAIN", "return 2 * GAIN"),
    "a global of a helper": ("x - lr * push(g)", "lib", "GAIN = 1.0", "GAIN = 0.5"),
    "a helper of a helper of a helper": (
        "x - lr * lib.push(g)",
        "deeper",
        "return SCALE * g",
        "return g",
    ),
    "a global of the deepest helper": (
        "x - lr * lib.push(g)",
        "deeper",
        "SCALE = 1.0",
        "SCALE = 3.0",
    ),
    "a module of a module": (
        "x - lr * lib.deeper.SCALE * g",
        "deeper",
        "SCALE = 1.0",
        "SCALE = 3.0",
    ),
    "a class's attribute": ("x - lr * lib.Config.gain * g", "lib", "gain = 1.0", "gain = 0.5"),
    "an array": (
        "x - lr * lib.TABLE[0] * g",
        "lib",
        "np.array([1.0, 2.0])",
        "np.array([1.5, 2.0])",
    ),
    "a tuple": ("x - lr * lib.PAIR[0] * g", "lib", "PAIR = (1.0", "PAIR = (1.5"),
    "a set": ("x - lr * lib.PAIR[0] * g", "lib", '"c"}', '"d"}'),
    "a helper's default": ("x - lr * push(g)", "lib", "by=1.0", "by=2.0"),
    "a helper's compiler flags": (
        "x - lr * push(g)",
        "lib",
        "@numba.njit\n",
        "@numba.njit(fastmath=True)\n",
    ),
    "a name in a comprehension": (
        "x - lr * sum([lib.GAIN * k for k in range(3)])",
        "lib",
        "GAIN = 1.0",
        "GAIN = 0.5",
    ),
    "a name in a nested function": (
        "(lambda y: x - lr * lib.GAIN * y)(g)",
        "lib",
        "GAIN = 1.0",
        "GAIN = 0.5",
    ),
    "a module in a variable": (
        "(lambda m: x - lr * m.GAIN * g)(lib)",
        "lib",
        "GAIN = 1.0",
        "GAIN = 0.5",
    ),
    "an attribute by its name as text": (
        "x - lr * getattr(lib, 'GAIN') * g",
        "lib",
        "GAIN = 1.0",
        "GAIN = 0.5",
    ),
    "a helper's variable types": (
        "x - lr * push(g)",
        "lib",
        "@numba.njit\n",
        "@numba.njit(locals={'a': numba.float32})\n",
    ),
    "a constant of the rule": ("x - lr * 1.0 * g", "rule", "1.0 * g", "2.0 * g"),
    "an operator of the rule": ("x - lr * g", "rule", "x - lr", "x + lr"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_is_another_digest(package, edit):
    """Whatever of a rule, a module, a helper or a helper's helper the compiler would read otherwise
    counts.
    """
    body, module, old, new = edit
    texts = {"rule": RULE.format(body=body), "lib": LIB.format(), "deeper": DEEPER}
    before = sources.identity(package(**texts)), sources.jit_key(package(**texts))
    again = sources.identity(package(**texts)), sources.jit_key(package(**texts))
    assert texts[module].count(old) >= 1
    edited = package(**{**texts, module: texts[module].replace(old, new)})
    after = sources.identity(edited), sources.jit_key(edited)

    assert again == before
    assert after[0] != before[0]
    assert after[1] != before[1]


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("lib", "GAIN = 1.0", "# a remark\nGAIN = 1.0"),
        ("lib", "class Config", "OTHER = 3.0\nclass Config"),
        ("lib", "gain = 1.0", "gain = 1.5"),
    ],
    ids=["a comment", "a name nobody loads", "another class"],
)
def test_what_the_compiler_does_not_read_is_the_same_digest(package, module, old, new):
    """A remark, or a value that the rule's code never loads, recomputes nothing."""
    texts = {
        "rule": RULE.format(body="x - lr * lib.push(g)"),
        "lib": LIB.format(),
        "deeper": DEEPER,
    }
    before = sources.identity(package(**texts))
    assert texts[module].count(old) == 1
    after = sources.identity(package(**{**texts, module: texts[module].replace(old, new)}))

    assert after == before


def test_digests_do_not_depend_on_the_process(package, tmp_path):
    """Two processes with other hash seeds and a third agree, sets and all: what one computes the
    next one finds.
    """
    texts = {
        "rule": RULE.format(
            body="x - lr * lib.push(g) * lib.PAIR[0] * lib.TABLE[0] * lib.Config.gain"
        ),
        "lib": LIB.format(),
    }
    own = dependencies.of(package(**texts, deeper=DEEPER)).digest
    code = (
        "import rule; from optbench.kernels import dependencies;"
        " print(dependencies.of(rule.rule).digest)"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )

        assert done.stdout.split() == [own]


def test_a_foreign_overload_of_a_numpy_function_counts(package):
    """Another package may teach Numba a NumPy function that Numba doesn't know: its code is part of
    the kernel.
    """
    rule = """
    import numpy as np, numba
    from numba.extending import overload
    def made(x):
        return lambda x: {factor} * x
    overload(np.i0)(made)
    def rule(x, g, lr=0.1):
        return x - lr * np.i0(g)
    """
    first = dependencies.of(package(rule=rule.format(factor=2.0))).digest
    second = dependencies.of(package(rule=rule.format(factor=3.0))).digest

    assert second != first


OPTIONS = """
import numba
@numba.njit(fastmath={"arcp", "contract", "nsz"}, error_model="numpy")
def push(g):
    return g
def rule(x, g, lr=0.1):
    return x - lr * push(g)
"""


def test_a_set_of_compiler_flags_is_the_same_in_every_process(package, tmp_path):
    """The order in which Python lists a set differs from process to process; the digest doesn't."""
    own = dependencies.of(package(rule=OPTIONS)).digest
    code = (
        "import rule; from optbench.kernels import dependencies;"
        " print(dependencies.of(rule.rule).digest)"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    seen = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed in ("1", "2", "3")
    ]

    assert seen == [[own]] * 3


KNOWN = {
    "a named tuple": (
        "from collections import namedtuple\nkind = namedtuple('Pair', 'a b')\ntable = kind(1.0,"
        " 2.0)"
    ),
    "an enumeration": "import enum\nclass kind(enum.IntEnum):\n    A = 1\ntable = kind.A",
    "a dataclass of constants": (
        "import dataclasses\n@dataclasses.dataclass\nclass kind:\n    a: float = 1.0\ntable = 1.0"
    ),
    "a long tuple": "table = tuple(map(float, range(5000)))\nkind = 1",
}


@pytest.mark.parametrize("lines", KNOWN.values(), ids=KNOWN)
def test_ordinary_classes_have_a_digest(package, lines):
    """Named tuples, enumerations, dataclasses and long tuples of numbers are known by their
    contents.
    """
    rule = package(
        rule=f"{lines}\ndef rule(x, g, lr=0.1):\n    return x - lr * g * len(table) * kind\n"
    )

    assert dependencies.of(rule).unknown == ()


def test_an_attribute_counts_for_the_module_that_it_stands_behind(package):
    """`math.log` in a rule says nothing of the `log` of another module that the rule uses, a logger
    without a digest.
    """
    lib = "import logging\nlog = logging.getLogger()\nGAIN = 1.0\n"
    rule = package(
        lib=lib,
        rule=(
            "import lib, math\ndef rule(x, g, lr=0.1):\n    return x - lr * lib.GAIN *"
            " math.log(g)\n"
        ),
    )

    assert dependencies.of(rule).unknown == ()


def test_a_rule_s_own_defaults_are_no_code(package):
    """The default learning rate and settings are given in each call and stand in a run's name:
    another default is no edit.
    """
    digests = [
        dependencies.of(package(rule=f"def rule(x, g, lr={lr}):\n    return x - lr * g\n")).digest
        for lr in (0.1, 0.2)
    ]

    assert digests[0] == digests[1]


def test_unknown_objects_are_told_apart(package):
    """Of values without a digest another object is another state, also where it stands at the place
    of one that is gone.
    """
    rule = package(
        rule=(
            "class Thing:\n    pass\ntable = Thing()\ndef rule(x, g, lr=0.1):\n    return x - lr *"
            " g * table\n"
        )
    )
    seen = [sources.state(rule)]
    for _ in range(5):
        rule.__globals__["table"] = rule.__globals__["Thing"]()
        seen.append(sources.state(rule))

    assert sources.state(rule) == seen[-1]
    assert len(set(seen)) == 6


def test_the_body_of_a_try_is_part_of_the_code(package):
    """Two functions of equal instructions whose `try` begins elsewhere are two."""
    head, step, rest = (
        "def rule(x, g, lr=0.1):\n",
        "x = x + 1\n",
        "        y = 1 / x\n    except Exception:\n        y = x\n    return y\n",
    )
    one, other = f"{head}    try:\n        {step}{rest}", f"{head}    {step}    try:\n{rest}"

    assert dependencies.of(package(rule=one)).digest != dependencies.of(package(rule=other)).digest


def test_an_edit_to_a_kernel_module_of_ours_counts(package, monkeypatch):
    """A rule that names one of optbench's modules depends on that module's source, as one that
    names its function does.
    """
    rule = package(
        rule=(
            "from optbench.kernels import linear\ndef rule(x, g, lr=0.1):\n    return x - lr *"
            " linear.norm(g)\n"
        )
    )
    before = sources.identity(rule)
    monkeypatch.setattr(dependencies, "_builtin_source", lambda module: f"edited {module}")

    assert sources.identity(rule) != before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import pandas as pd\ntable = pd.DataFrame({'a': [1.0]})", "table of type DataFrame"),
        ("import numpy as np\ntable = np.array([{}], dtype=object)", "table of type ndarray"),
        ("class Thing:\n    pass\ntable = Thing()", "table of type Thing"),
        ("import ctypes\ntable = ctypes.CDLL(None).abs", "table of type _FuncPtr"),
    ],
    ids=["DataFrame", "objects", "instance", "address"],
)
def test_what_has_no_digest_is_named(package, line, words):
    """A value whose contents can't be known is named, and the function is neither kept nor found
    again.
    """
    rule = package(rule=f"{line}\ndef rule(x, g, lr=0.1):\n    return x - lr * g * table\n")

    assert dependencies.of(rule).unknown == (words,)
    assert sources.jit_key(rule) is None
    assert sources.identity(rule) != sources.identity(rule)


def test_circles_end(package):
    """Functions that call each other have a digest, and an edit to either changes it."""
    text = """
    import numba
    @numba.njit
    def one(n):
        return 1.0 if n < 1 else {factor} * other(n - 1)
    @numba.njit
    def other(n):
        return 0.5 if n < 1 else one(n - 1)
    def rule(x, g, lr=0.1):
        return x - lr * g * one(3)
    """
    first, second = (
        dependencies.of(package(rule=text.format(factor=factor))) for factor in (2.0, 3.0)
    )

    assert first.unknown == ()
    assert first.digest != second.digest


def test_a_module_called_like_one_of_pythons_counts_by_its_contents(package, tmp_path):
    """A file beside the plugin with the name of a module of the standard library is the author's
    all the same.
    """
    sys.modules.pop("antigravity", None)
    digests = []
    for gain in (1.0, 2.0):
        (tmp_path / "antigravity.py").write_text(f"GAIN = {gain}\n")
        sys.modules.pop("antigravity", None)
        known_modules._stands_in.cache_clear()
        rule = package(
            rule=(
                "import antigravity\ndef rule(x, g, lr=0.1):\n    return x - lr * g *"
                " antigravity.GAIN\n"
            )
        )
        digests.append(dependencies.of(rule).digest)
    sys.modules.pop("antigravity", None)
    known_modules._stands_in.cache_clear()

    assert digests[0] != digests[1]


SESSION = """
import numba
import optbench as ob

GAIN = 1.0

@numba.njit
def deepest(g):
    return GAIN * g

@numba.njit
def push(g):
    return deepest(g)

@ob.optimizer
def session_rule(x, g, lr=0.1):
    "A test's rule (2000). lr : units of x."
    return x - lr * push(g)
"""
CELLS = {
    "a helper's constant": "GAIN = 0.5",
    "a helper's helper": "@numba.njit\ndef deepest(g):\n    return 0.5 * g",
    "a helper": "@numba.njit\ndef push(g):\n    return 0.5 * g",
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_cell_that_is_run_again_counts_at_once(cell):
    """In a session a helper or a constant is bound anew while the rule's own cell isn't run again:
    the next run uses it.
    """
    space = {"__name__": "__main__"}
    exec(SESSION, space)
    x0 = ob.get_problem("quadratic").start(0)

    def step():
        return ob.get_optimizer("session_rule").start(x0).step(x0)

    first = step()
    exec(cell, space)
    second = step()

    assert first == pytest.approx(0.9 * x0)
    assert second == pytest.approx(0.95 * x0)


def test_a_formula_s_cell_that_is_run_again_counts_at_once(tmp_path):
    """The same of a problem's formula: its losses and its targets are the new ones, of an object
    made before too.
    """
    space = {"__name__": "__main__"}
    exec(
        "import numba, numpy as np, optbench as ob\n@numba.njit\ndef scale():\n    return 1.0\ndef"
        " loss(x, g):\n    g[:] = 2.0 * scale() * x\n    return scale() * (x * x).sum()\nprob ="
        " ob.Problem(loss, np.full(2, 3.0), 0.1, 10, 'a test', minimum=0.0,"
        " family='session_bowl')\n",
        space,
    )
    before = space["prob"].value_and_grad([1.0, 1.0])[0], space["prob"].targets[0]
    exec("@numba.njit\ndef scale():\n    return 10.0\n", space)
    after = space["prob"].value_and_grad([1.0, 1.0])[0], space["prob"].targets[0]

    assert before == pytest.approx((2.0, 1.8))
    assert after == pytest.approx((20.0, 18.0))


def test_a_maker_s_constant_that_is_bound_anew_makes_another_problem():
    """A problem asked for by name is made again once what its maker reads is another."""
    space = {"__name__": "__main__"}
    exec(
        "import numpy as np, optbench as ob\n"
        "START = 3.0\n"
        "@ob.problem\ndef session_start():\n"
        "    def loss(x, g):\n        g[:] = 2.0 * x\n        return (x * x).sum()\n"
        "    return ob.Problem(loss, np.full(2, START), 0.0, 10, 'a test', minimum=0.0)\n",
        space,
    )
    before = ob.get_problem("session_start").start(0)[0]
    assert ob.get_problem("session_start") is ob.get_problem("session_start")
    space["START"] = 4.0

    assert (before, ob.get_problem("session_start").start(0)[0]) == (3.0, 4.0)


PANDAS = """
import numpy as np
import optbench as ob
import pandas as pd

TABLE = pd.DataFrame({{"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 3.0, 5.0, {last}]}})


@ob.problem
def from_table():
    return ob.dense_problem(
        [1, 1], "identity", "mean_squared_error", TABLE[["x"]].to_numpy(), TABLE[["y"]].to_numpy(),
        source="a test's line (2000)", budget=50, minimum=0.0,
    )
"""


def test_a_maker_that_reads_a_data_frame_is_computed_once(tmp_path):
    """Runs of a problem made of a DataFrame are found again; other numbers in it are other runs."""
    from optbench.bench.runs.run import execute
    from optbench.bench.sweep.request import Request
    from optbench.bench.sweep.sweep import plan

    def outcome(last):
        file = tmp_path / "from_table.py"
        file.write_text(PANDAS.format(last=last))
        discovery.load_file(file)
        words = {"problems": ["from_table"], "optimizers": ["sgd"], "lrs": [0.1], "seeds": 2}
        done = execute(plan(Request(**words)), store=tmp_path / "runs")
        return done.computed, done.superseded

    assert [outcome(7.0), outcome(7.0), outcome(8.0), outcome(7.0)] == [
        (2, 0),
        (0, 0),
        (2, 2),
        (0, 0),
    ]
