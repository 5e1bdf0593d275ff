"""Kernels as texts: what is documented is what is made, and what keeps a failure to its run."""

import textwrap
from functools import partial

import numpy as np
import optbench as ob
import pytest
from optbench.bench.check.trial_problem import sphere, walked
from optbench.kernels import kernel_text
from optbench.kernels.compose import source


def test_the_documented_kernel_is_adams():
    """The kernel in the docstring of kernel_text.py is what is generated for Adam."""
    made = source(ob.get_optimizer("adam").chain)
    head, kernel = made.split("\n\n\n")

    assert head.startswith('"""adam')
    assert textwrap.indent(kernel, "    ") in str(kernel_text.__doc__)


@pytest.mark.parametrize("name", ["adam", "muon", "lookahead[adam]", "selective[muon]", "sam[sgd]"])
def test_the_text_has_a_line_an_operand(name):
    """Every argument of a rule is named behind its operand, in the order of the signature."""
    rule = ob.get_optimizer(name)
    named = [
        line.partition(",  # ")[2]
        for line in source(rule.chain).splitlines()
        if line.startswith(" ") and ",  # " in line
    ]

    assert named[-len(rule.rule.parameters) :] == list(rule.rule.parameters)


def test_a_failure_ends_its_run_or_reaches_the_caller():
    """An exception of a rule over matrices ends that run as NaN; of an unguarded kernel it is the
    caller's.
    """

    @ob.optimizer(per="matrix")
    def failing_probe(x, g, lr=0.1):
        """A test's rule (2000). lr : units of x."""
        if g[0, 0] > 1.0:
            raise ValueError("too steep")
        x -= lr * g

    walk = failing_probe.start([1.0, 2.0])
    walk.step([0.5, 0.5])
    before = walk.x
    walk.step([2.0, 0.5])

    assert np.isfinite(before).all()
    assert np.isnan(walk.x).all()

    stepped = partial(walked, failing_probe, sphere((("w", (2, 1)),)), 1, perturb=too_steep)
    assert np.isnan(stepped()[1]).all()
    with pytest.raises(ValueError, match="too steep"):
        stepped(guarded=False)


def too_steep(t, x, g):
    """Gradients that the rule above refuses."""
    g.fill(2.0)
