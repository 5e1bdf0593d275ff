"""The conformance kit: what an optimizer or problem must meet, and what is measured of it;
`optbench check`.

In a plugin's own tests, where the requirements that can't be judged (the rule doesn't compile) are
skipped:

    import pytest
    from optbench.bench.check import OPTIMIZER_REQUIREMENTS

    from my_rule import my_rule


    @pytest.mark.parametrize("requirement", OPTIMIZER_REQUIREMENTS)
    def test_conforms(requirement):
        requirement(my_rule)  # raises Unmet, an AssertionError, with the reason

PROBLEM_REQUIREMENTS does the same for a problem, `my_problem()`.
"""

from .optimizer_requirements import REQUIREMENTS as OPTIMIZER_REQUIREMENTS
from .problem_requirements import REQUIREMENTS as PROBLEM_REQUIREMENTS
from .requirement import Unmet

__all__ = ["OPTIMIZER_REQUIREMENTS", "PROBLEM_REQUIREMENTS", "Unmet"]
