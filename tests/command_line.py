"""The command, run in this process, and what it printed."""

import sys
from pathlib import Path

from click.testing import CliRunner
from optbench.bench.cli.main import main

SMALL = [
    "-p",
    "quadratic",
    "-o",
    "sgd",
    "--lr",
    "0.1,0.5",
    "--seeds",
    "2",
    "--steps",
    "20",
    "--quiet",
]
"""A sweep of four runs."""


PLAIN = [*SMALL, "--no-figures"]


SCRIPT = Path(sys.executable).with_name("optbench")


PLUGIN = '''
import numpy as np
import optbench as ob


@ob.optimizer
def unfit(x, g, lr=0.1):
    """Can't be compiled: adds a text to a number."""
    return x - lr * g + "text"


def unfit_formula(x, g):
    return x.there_is_no_such_thing


@ob.problem
def unfit_problem(dim=2):
    """Can't be compiled either."""
    center = np.ones(dim)
    return ob.Problem(
        formula=unfit_formula, center=center, spread=0.1, budget=10,
        source="none", minimum=0.0
    )


@ob.optimizer
def fit(x, g, lr=0.1):
    """Can be compiled."""
    return x - 0.5 * lr * g
'''


def optbench(*words):
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(word) for word in words])


def said(result):
    """What a command that went well printed, on one line."""
    assert result.exit_code == 0, (result.stderr, result.exception)
    return " ".join(result.stdout.split())


def refusal(result):
    """The one line that a command with wrong words printed."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("optbench: ")
    assert "Traceback" not in result.output
    return line
