"""Every registered problem meets the conformance kit's requirements; new ones join by being
registered.

The slow ones, on bounds and on difficulty, are asked in tests/bench/check.
"""

import optbench as ob
import pytest
from optbench.bench.check import PROBLEM_REQUIREMENTS
from optbench.bench.sweep.suites import every_problem
from problem_names import LARGE, named

SLOW = {"stays_in_bounds", "is_not_solved_by_baselines", "can_be_solved"}
QUICK = [requirement for requirement in PROBLEM_REQUIREMENTS if requirement.__name__ not in SLOW]


@pytest.mark.parametrize("name", named(every_problem(), LARGE))
def test_every_problem_meets_the_requirements(name):
    """Source, compilation, starts, bits, gradient, minimum, targets, company and float32 are as the
    kit asks.
    """
    problem = ob.get_problem(name)
    for requirement in QUICK:
        assert requirement(problem), requirement.__name__
