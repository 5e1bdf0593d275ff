"""`optbench check`: hold optimizers and problems to their requirements, measure them, and print."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest import SkipTest

from rich.markup import escape
from rich.table import Table

from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem
from ..plugins import diagnosis, lookup
from ..plugins.misnamed import warn_of_misnamed
from ..terminal.console import open_console
from . import optimizer_requirements, problem_requirements, properties
from .requirement import Unmet

OPTIMIZER_REQUIREMENTS: tuple[Callable[[Optimizer], str], ...] = optimizer_requirements.REQUIREMENTS
PROBLEM_REQUIREMENTS: tuple[Callable[[Problem], str], ...] = problem_requirements.REQUIREMENTS
COLOURS = {"pass": "green", "fail": "bold red", "skipped": "yellow"}
NEEDED = ("compiles", "stays in bounds", "moves")
"""What must not fail before anything is measured."""


@dataclass(frozen=True)
class Verdict:
    """What became of one requirement; verdict : "pass", "fail" or "skipped".  detail : what was
    measured, or the reason.
    """

    requirement: str
    verdict: str
    detail: str


@dataclass(frozen=True)
class Report:
    """All that was found out about one optimizer or problem."""

    kind: str
    name: str
    verdicts: tuple[Verdict, ...]
    measured: tuple[properties.Property, ...]

    @property
    def passed(self) -> bool:
        """Whether no requirement failed."""
        return all(verdict.verdict != "fail" for verdict in self.verdicts)

    @property
    def document(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return {
            "kind": self.kind,
            "name": self.name,
            "passed": self.passed,
            "requirements": [vars(verdict) for verdict in self.verdicts],
            "facts": [
                {"name": found.name, "text": found.text, **found.values} for found in self.measured
            ],
        }


def subjects(name: str) -> list[Optimizer | Problem]:
    """What `optbench check NAME` checks: a name's optimizer or problem, or all that a file ending
    in .py registers.
    """
    return lookup.brought_by(name) if name.endswith(".py") else [lookup.named(name)]


def examine(
    subject: Optimizer | Problem,
    quick: bool = False,
    say: Callable[[str], object] = str,
    measure: bool = True,
) -> Report:
    """Hold the subject to its requirements, then, if it is to be measured, measure it.

    quick : without timing, and without the process with checked bounds, so that a hang or a crash
    is this process's own.
    say : called with what is being done.
    """
    is_rule = isinstance(subject, Optimizer)
    requirements = OPTIMIZER_REQUIREMENTS if is_rule else PROBLEM_REQUIREMENTS
    verdicts = []
    for requirement in requirements:
        name = requirement.__name__.replace("_", " ")
        say(f"{subject.name}: {name}")
        if quick and requirement.__name__ == "stays_in_bounds":
            verdicts.append(Verdict(name, "skipped", "not when quick"))
        else:
            verdicts.append(Verdict(name, *_outcome(requirement, subject)))
    measured = ()
    if measure and not any(
        verdict.verdict == "fail" and verdict.requirement in NEEDED for verdict in verdicts
    ):
        say(f"{subject.name}: measuring")
        measured = _measured(subject, not quick)
    return Report("optimizer" if is_rule else "problem", subject.name, tuple(verdicts), measured)


def check(name: str, quick: bool = False, as_json: bool = False) -> bool:
    """Examine and print; returns whether everything passed. Raises InputError for unknown names and
    broken files.
    """
    found, reports = subjects(name), []
    errors = open_console(stderr=True)
    with errors.status("checking") as status:
        for subject in found:
            if isinstance(subject, Optimizer):
                warn_of_misnamed(subject)
            reports.append(examine(subject, quick, lambda text: status.update(escape(text))))
            if not as_json:
                status.stop()
                print_report(reports[-1])
                status.start()
    passed = all(report.passed for report in reports)
    if as_json:
        print(
            json.dumps(
                {"passed": passed, "checked": [report.document for report in reports]}, indent=2
            )
        )
    return passed


def print_report(report: Report) -> None:
    """The requirements as a table, then the properties."""
    console = open_console()
    table = Table(title=f"{report.kind} {escape(report.name)}", title_justify="left")
    table.add_column("requirement", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("detail", overflow="fold")
    for verdict in report.verdicts:
        colour = COLOURS[verdict.verdict]
        table.add_row(
            verdict.requirement, f"[{colour}]{verdict.verdict}[/]", escape(verdict.detail)
        )
    console.print(table)
    if report.measured:
        measured = Table(title="measured, not judged", title_justify="left", show_header=False)
        measured.add_column(no_wrap=True)
        measured.add_column(overflow="fold")
        for found in report.measured:
            measured.add_row(found.name, escape(found.text))
        console.print(measured)
    failed = [verdict.requirement for verdict in report.verdicts if verdict.verdict == "fail"]
    outcome = f"fails: {', '.join(failed)}" if failed else "passes"
    console.print(f"{report.kind} {report.name} {outcome}\n", highlight=False, markup=False)


def _measured(subject: Optimizer | Problem, timed: bool) -> tuple[properties.Property, ...]:
    try:
        return tuple(
            properties.of_rule(subject, timed)
            if isinstance(subject, Optimizer)
            else properties.of_problem(subject, timed)
        )
    except Exception as error:
        return (properties.Property("not measured", diagnosis.of_failure(error, []), {}),)


def _outcome(requirement: Callable, subject: Optimizer | Problem) -> tuple[str, str]:
    try:
        return "pass", requirement(subject)
    except SkipTest as error:
        return "skipped", str(error)
    except Unmet as error:
        return "fail", str(error)
    except Exception as error:
        functions = subject.functions if isinstance(subject, Optimizer) else [subject.formula]
        return "fail", diagnosis.of_failure(error, functions)
