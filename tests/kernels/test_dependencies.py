"""An edit to anything that the compiler reads of a function is another digest; what it doesn't read
is not.
"""

import os
import subprocess
import sys

import pytest
from optbench.kernels import dependencies, sources


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
