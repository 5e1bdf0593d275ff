"""What tests of runs share: a folder, a few results, and rules that fail or that are edited."""

import optbench as ob
import pytest
from optbench.bench.plugins import discovery
from stored_sweep import BOWL, LRS, STEPS


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def part(tmp_path):
    """A table of a few runs, as the store gets it."""
    return ob.run(
        ["quadratic"], ["sgd"], lrs=[0.1, 0.2], seeds=2, steps=5, store=tmp_path / "other"
    ).table


RULES = '''
import optbench as ob


@ob.optimizer
def edited(x, g, lr=0.1):
    """A rule that its author edits: x shrinks by FACTOR."""
    return FACTOR * x


@ob.optimizer
def untouched(x, g, lr=0.1):
    """Another file's rule."""
    return x - lr * g
'''


@pytest.fixture
def rules(tmp_path):
    """Write two plugin files, with a rule each, and load them: rules(factor) stands for an edit."""
    begin = RULES.index("@ob.optimizer\ndef untouched")
    (tmp_path / "store_other.py").write_text(RULES[: RULES.index("@ob")] + RULES[begin:])
    discovery.load_file(tmp_path / "store_other.py")

    def _rules(factor):
        (tmp_path / "store_rule.py").write_text(RULES[:begin].replace("FACTOR", str(factor)))
        discovery.load_file(tmp_path / "store_rule.py")

    return _rules


PLUGIN = '''
import numpy as np
import optbench as ob


@ob.optimizer
def halving(x, g):
    """Halves x, whatever the gradient: a rule without lr."""
    return 0.5 * x


@ob.optimizer
def broken_rule(x, g, lr=0.1):
    """Can't be compiled: adds a text to a number."""
    return x - lr * g + "text"


def broken_formula(x, g):
    return x.there_is_no_such_thing


@ob.problem
def broken_problem(dim=2):
    """Can't be compiled either."""
    center = np.ones(dim)
    return ob.Problem(
        formula=broken_formula, center=center, spread=0.1, budget=10, source="none", minimum=0.0
    )
'''


@pytest.fixture
def plugin(tmp_path):
    """Optimizers `halving` and `broken_rule` and problem `broken_problem`."""
    file = tmp_path / "results_plugin.py"
    file.write_text(PLUGIN)
    discovery.load_file(file)


@pytest.fixture(scope="module")
def results():
    """sgd on the bowl at a learning rate too small, right and too large, three seeds each."""
    return ob.run([BOWL], ["sgd"], lrs=list(LRS.values()), seeds=3, steps=STEPS)
