"""Names of the problems that tests go through: all registered ones, new ones included, and more of
their parameters.
"""

import pytest
from optbench.bench.sweep.suites import default_problems, every_problem
from twins import networks

MORE = [
    "rosenbrock[dim=3]",
    "quadratic[condition=1e6,dim=4]",
    "quadratic[condition=10.0,dim=7,rotated]",
    *(
        f"xor[activation={a},hidden={h},loss={loss}]"
        for a in networks.ACTIVATIONS
        for h, loss in zip((3, 5, 4), networks.LOSSES, strict=False)
    ),
    "digits[activation=relu,hidden=12]",
    "logistic_regression[batch=0]",
    "digits[batch=0,hidden=11]",
]
LARGE = 1000
"""Rows from which on a problem takes seconds where it is evaluated many times."""


def named(problems, rows=4 * LARGE):
    """The problems' names as parameters of a test, slow from that many rows of data on."""
    return [
        pytest.param(p.name, marks=[pytest.mark.slow] * (p.data_set.samples >= rows))
        for p in problems
    ]


ALL = [*named(every_problem()), *MORE]
DEFAULT = sorted({*(problem.name for problem in default_problems()), *MORE})
