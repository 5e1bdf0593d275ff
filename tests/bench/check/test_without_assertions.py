"""Verdicts under `python -O`, which strips assertions, and `-OO`, which strips docstrings."""

import pytest


@pytest.mark.slow
def test_a_verdict_is_no_assertion(rules, python):
    """Under python -O, which strips assert statements, a requirement that isn't met says so
    still.
    """
    found = python(
        f"""
from optbench.bench.check import optimizer_requirements
from optbench.bench.plugins import discovery
discovery.load_file({str(rules)!r})
try:
    optimizer_requirements.described(discovery.get_optimizer("undescribed"))
except AssertionError as error:
    print(error)
""",
        PYTHONOPTIMIZE="1",
    )

    assert found == "undescribed has no docstring; say what the rule is and where it comes from\n"


@pytest.mark.slow
@pytest.mark.parametrize(("level", "unjudged"), [("1", set()), ("2", {"described"})])
def test_python_without_assertions_gives_the_same_verdicts(
    level, unjudged, rules, problems, python
):
    """python -O strips assert statements, never a verdict; -OO drops docstrings, so what they say
    is skipped, not failed.
    """
    names = ["still", "resetting", "undescribed", "steep_problem", "generous_problem"]
    code = f"""
from optbench.bench.check import report as check
from optbench.bench.plugins import discovery, lookup
for file in ({str(rules)!r}, {str(problems)!r}):
    discovery.load_file(file)
for name in {names}:
    report = check.examine(lookup.named(name), quick=True, measure=False)
    print(name, [v.requirement for v in report.verdicts if v.verdict == "fail"])
"""
    plain, stripped = (python(code, PYTHONOPTIMIZE=given) for given in ("", level))
    plain = plain.replace("['described']", "[]") if unjudged else plain

    assert "still ['moves'" in plain
    assert "steep_problem ['has its gradient'" in plain
    assert stripped == plain
