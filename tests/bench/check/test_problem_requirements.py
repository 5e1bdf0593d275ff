"""Requirements of problems: sound ones pass, each fault is caught by the requirement about it."""

import faulty
import optbench as ob
import pytest
from optbench.bench.check import problem_requirements
from optbench.bench.check import report as check
from optbench.bench.sweep import suites
from verdicts import failures, line_of


@pytest.mark.cold
@pytest.mark.parametrize("name", ["sound_problem", "rosenbrock"])
def test_a_sound_problem_meets_every_requirement(name, problems):
    """A plugin's problem and ours pass, bounds included, and nothing is skipped."""
    report = check.examine(ob.get_problem(name))

    assert [(v.requirement, v.detail) for v in report.verdicts if v.verdict != "pass"] == []
    assert len(report.verdicts) == len(check.PROBLEM_REQUIREMENTS)


def test_a_problem_in_mini_batches_meets_its_requirements():
    """What the loop feeds a rule in mini-batches is judged too."""
    assert failures(check.examine(ob.get_problem("logistic_regression"), quick=True)) == {}


@pytest.mark.parametrize(
    ("name", "requirement", "words"),
    [
        ("sourceless_problem", "names its source", ["empty"]),
        ("unknown_problem", "compiles", ["'square_of' is not defined", "faulty_problems.py, line"]),
        ("infinite_problem", "starts reproducibly", ["seed 0 isn't finite"]),
        ("steep_problem", "has its gradient", ["is 6", "give 4"]),
        ("slanted_problem", "has its gradient", ["g[0]"]),
        ("misplaced_problem", "knows its minimum", ["minimizer 0 has loss 3.0"]),
        ("undercut_problem", "knows its minimum", ["below the minimum"]),
        ("aimless_problem", "has targets", ["no targets: give minimum or levels"]),
        ("solved_problem", "has targets", ["start at the minimum"]),
        ("generous_problem", "has targets", ["isn't below the start's loss"]),
        ("shaky_problem", "is deterministic", ["declare the problem noisy=True"]),
        ("nearly_problem", "has its gradient", ["where complex steps give"]),
        ("misprinted_problem", "starts reproducibly", ["f(start) is 12.0, published as 12.01"]),
        ("misquoted_problem", "knows its minimum", ["published as 1e-3"]),
        ("mixing_problem", "is independent of lanes", ["differs"]),
        ("easy_problem", "is not solved by baselines", ["wandering solves it from seed"]),
        ("crest_problem", "is not solved by baselines", ["solves it from seed 0"]),
        ("hopeless_problem", "can be solved", ["no optimizer of the catalogue", "tag it open"]),
        ("open_problem", "can be solved", ["tagged open, but lbfgs"]),
        ("wide_problem", "runs in float32", ["float32"]),
    ],
)
def test_a_faulty_problem_is_caught(name, requirement, words, problems):
    """The first requirement that fails is the one about the fault; the reason is one line."""
    found = failures(check.examine(ob.get_problem(name), quick=True))
    first = next(iter(found), None)

    assert first == requirement, found
    assert all(word in found[first] for word in words), found[first]
    assert "\n" not in found[first]


@pytest.mark.slow
def test_a_problem_that_reads_past_an_end_ends_in_another_process(problems):
    """An index out of bounds in a formula is shown with its line, and the problem isn't evaluated
    here.
    """
    verdicts = check.examine(ob.get_problem("past_problem")).verdicts

    line = line_of(faulty.PROBLEMS, "# past's fault")

    assert [v.verdict for v in verdicts] == ["pass", "pass", "fail"] + ["skipped"] * (
        len(verdicts) - 3
    )
    assert f"faulty_problems.py, line {line}" in verdicts[2].detail


def formulas():
    """A problem of each formula and each kind of transform, by name."""
    found = {problem.formula: problem.name for problem in reversed(suites.every_problem())}
    return sorted(
        [
            *found.values(),
            "rosenbrock[bits=8,delay=2,noise=0.1,rotated]",
            "rosenbrock[dim=5,permuted,rescale=9.0]",
        ]
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", formulas())
def test_every_formula_of_ours_stays_in_bounds(name):
    """Every formula and transform, in a process of its own that checks each index."""
    assert problem_requirements.stays_in_bounds(ob.get_problem(name))
