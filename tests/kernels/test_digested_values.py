"""What values and modules count for in a digest, and what has none."""

import os
import subprocess
import sys

import pytest
from optbench.kernels import dependencies, known_modules, sources


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
