"""Which values have a digest, and what is said of those that have none."""

import pytest
from optbench.kernels import dependencies, sources

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


def test_unknown_objects_are_distinguished(package):
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
