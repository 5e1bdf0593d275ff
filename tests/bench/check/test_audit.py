"""The audit of problems: it passes on ours, catches planted faults, and its table is the one in
docs/problems.md.
"""

import json
import re
from pathlib import Path

import optbench as ob
import pytest
from click.testing import CliRunner
from optbench.bench.check import audit_page, report, solvability
from optbench.bench.check.audited import audited
from optbench.bench.cli.main import main
from optbench.bench.plugins import discovery
from optbench.bench.sweep import suites
from optbench.problems import registry

PAGE = Path(__file__).resolve().parents[3] / "docs" / "problems.md"
FIXED = ("problem", "kind", "dim", "f(start)", "f*", "budget", "tags")
"""What a row says that takes no run."""


def optbench(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def rows_of(text):
    """The table's rows as dicts."""
    lines = [line for line in text.split(audit_page.BEGIN)[-1].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


@pytest.mark.slow
def test_the_page_lists_every_problem_as_it_is():
    """docs/problems.md has a row for each problem and variant, with its kind, numbers, budget and
    tags as they are now.
    """
    listed = {row["problem"]: row for row in rows_of(PAGE.read_text())}
    found = suites.every_problem()

    assert sorted(listed) == sorted(
        problem.name for problem in found if problem.owner.startswith("optbench.")
    )
    for problem in found:
        row = listed[problem.name]
        start = problem.value_and_grad(problem.start(0))[0]

        assert (row["kind"], row["dim"]) == (problem.kind, str(problem.dim))
        assert (row["budget"], row["tags"]) == (str(problem.budget), ", ".join(problem.tags) or "–")
        assert float(row["f(start)"]) == pytest.approx(start, rel=1e-5)
        if problem.minimum is None:
            assert row["f*"] == "unknown"
        else:
            assert float(row["f*"]) == pytest.approx(problem.minimum, rel=1e-9)


def test_the_page_says_that_all_are_sound():
    """No row tells of a failed gradient; what is tagged open is listed below, and each ladder."""
    text = PAGE.read_text()

    assert {row["gradient"] for row in rows_of(text)} <= {"complex step", "differences"}
    unsolved = [problem.name for problem in suites.every_problem() if "open" in problem.tags]
    assert f"Open: {', '.join(unsolved) or 'none'}." in text
    for family in registry.registered().values():
        assert not family.ladder or f"- {family.name}: " in text


@pytest.mark.slow
def test_the_audit_passes_and_makes_the_page(tmp_path, monkeypatch):
    """All problems and variants meet every requirement, the ladders grow; the page has what the
    audit prints.

    Rounding differs between processors: evaluations are held to a tenth, or to a fifth where two
    optimizers all but tie, and of the eight that a target separates one may change sides. The
    problem, its size, budget and tags and how its gradient was held are compared to the letter.
    mnist alone would take as long as all others together.
    """
    monkeypatch.setattr(registry.Family, "present", property(lambda family: not family.needs))
    page = tmp_path / "problems.md"
    page.write_text(PAGE.read_text())
    result = optbench("check", "--problems", "--quick", "--write", page)
    listed = [row for row in rows_of(PAGE.read_text()) if row["problem"] != "mnist"]

    assert result.exit_code == 0, result.stderr
    for made, kept in zip(rows_of(page.read_text()), listed, strict=True):
        for column in ("problem", "kind", "dim", "budget", "tags", "gradient"):
            assert made[column] == kept[column], (made, kept)
        separated, kept_separated = (int(row["separates"].split()[0]) for row in (made, kept))
        assert abs(separated - kept_separated) <= 1, (made, kept)
        assert made["separates"].endswith(", separates nothing") == (
            separated in (0, len(discovery.COMMON))
        )
        name, _, spent = made["solved by"].partition(", ")
        kept_name, _, kept_spent = kept["solved by"].partition(", ")
        if spent.isdigit():
            assert float(spent) == pytest.approx(
                float(kept_spent), rel=0.1 if name == kept_name else 0.2
            )
        else:
            assert made["solved by"] == kept["solved by"]


def test_no_open_problem_is_in_the_default_suite():
    """What no optimizer solves is left out of the default sweep."""
    assert [p.name for p in suites.default_problems() if "open" in p.tags] == []


@pytest.mark.slow
def test_a_plugin_is_audited_and_its_faults_printed(problems):
    """`optbench check --problems FILE` audits the file's problems alone: exit status 1, a line for
    each fault.
    """
    result = optbench("check", "--problems", "--quick", problems)
    printed = " ".join(result.stderr.split())

    assert result.exit_code == 1
    assert {row["problem"] for row in rows_of(result.stdout)} >= {
        "sound_problem",
        "needle_problem",
        "shrinking_problem",
    }
    assert "rosenbrock" not in result.stdout
    assert "nearly_problem has its gradient" in printed
    assert "hopeless_problem can be solved" in printed
    assert "shrinking_problem: the ladder doesn't grow" in printed
    assert "sound_problem" not in printed.replace("unsound_problem", "")


@pytest.mark.slow
def test_the_audit_as_json():
    """--json prints one document with requirements, condition number and solvers, and no NaN."""
    result = optbench("check", "--problems", "--quick", "--json", "rosenbrock")
    document = json.loads(result.stdout, parse_constant=lambda word: pytest.fail(word))
    (one,) = document["problems"]

    assert (result.exit_code, document["passed"], one["problem"]) == (0, True, "rosenbrock")
    assert one["condition_number"] == pytest.approx(2508, rel=1e-3)
    assert 0 < one["common_solvers"] <= len(discovery.COMMON)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--problems", "adam"], "has no problem to audit"),
        (["--problems", "rosenbrok"], "did you mean 'rosenbrock'"),
        ([], "give a name or a file, or --problems"),
        (["rosenbrock", "--write", "x.md"], "--write goes with it"),
        (["--problems", "--quick", "rosenbrock", "--write", "gone/x.md"], "can't be written"),
    ],
)
def test_wrong_words_end_in_one_line(words, reason):
    """What can't be audited is one line on stderr, exit status 2."""
    result = optbench("check", *words)

    assert result.exit_code == 2
    assert reason in result.stderr.splitlines()[-1]


def test_a_page_without_marks_is_left_alone(tmp_path):
    """A file that has no place for the table isn't touched."""
    page = tmp_path / "page.md"
    page.write_text("# Mine\n")
    result = optbench("check", "--problems", "--quick", "rosenbrock", "--write", page)

    assert result.exit_code == 2
    assert page.read_text() == "# Mine\n"


@pytest.mark.slow
def test_multimodal_problems_may_need_other_starts(problems):
    """A needle that no rule finds from seed 0 is solvable where a local solver finds it from a
    drawn start.
    """
    (verdict,) = [
        v
        for v in report.examine(ob.get_problem("needle_problem"), quick=True).verdicts
        if v.requirement == "can be solved"
    ]

    assert verdict.verdict == "pass"
    assert re.match(r"L-BFGS-B from the start of seed \d+", verdict.detail)


def test_the_cheapest_solution_is_a_runs():
    """What the table says of a solver is what a sweep says."""
    problem = ob.get_problem("beale")
    found = solvability.fewest(problem, discovery.COMMON)
    runs = ob.run([problem], discovery.COMMON, seeds=[0]).runs

    assert found.evaluations == runs["evaluations_to_target"].min()
    assert solvability.by(problem, ob.get_optimizer("sgd", lr=1e-9)) is None


def test_audited_rows_say_what_separates_nothing():
    """A problem that every common optimizer solves separates nothing; one that some solve does."""
    idle, telling = (audited(ob.get_problem(name), True, str) for name in ("beale", "rosenbrock"))

    assert idle.separates == "8 of 8, separates nothing"
    assert 0 < telling.solvers < 8
    assert telling.separates == f"{telling.solvers} of 8"


def test_cells_are_printed_as_they_are(monkeypatch):
    """A name in brackets, or with a colon on both sides, stands in the table letter by letter."""
    monkeypatch.setattr(audit_page, "COLUMNS", ("problem", "tags"))
    cells = {"problem": "rosenbrock[dim=10,rotated]", "tags": ":smile: [red]"}

    assert audit_page.markdown([cells]).splitlines() == [
        "| problem                    | tags          |",
        "|----------------------------|---------------|",
        "| rosenbrock[dim=10,rotated] | :smile: [red] |",
    ]
