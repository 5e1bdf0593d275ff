"""One name for two: two owners, two files or two rules of a file are an error; the same again is an
edit.
"""

import optbench as ob
import pytest
from optbench.bench.plugins import discovery
from plugin_file import SHRINK

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
    ("text", "reasons"),
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
def test_one_name_for_two_in_a_file_is_refused(text, reasons, write):
    """What would silently take the other's place is an error that says where: a factory called
    twice, two of one name.
    """
    with pytest.raises(ValueError, match="registered twice") as caught:
        discovery.load_file(write(text, "rules.py"))

    assert all(reason in str(caught.value) for reason in reasons), str(caught.value)


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
