"""The audit of problems: every requirement of every one, the ladders, what separates optimizers,
and docs/problems.md.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.progress import Progress

from ...kernels.grammar import InputError
from ...problems import registry
from ...problems.problem import Problem
from ..plugins import discovery
from ..runs.run import execute
from ..sweep import suites
from ..sweep.sweep import of_words
from ..terminal.console import open_console
from . import condition as curvature
from . import report as check
from . import solvability
from .requirement import Unmet

BEGIN, END = "<!-- audit -->", "<!-- end of audit -->"
"""What docs/problems.md has around the table."""
MARKS = re.compile(f"{BEGIN}\n.*?{END}", re.DOTALL)
COLUMNS = (
    "problem",
    "kind",
    "dim",
    "f(start)",
    "f*",
    "condition",
    "budget",
    "tags",
    "gradient",
    "solved by",
    "separates",
)


@dataclass(frozen=True)
class Audited:
    """What was found out about one problem.

    report : its requirements.  solution : the cheapest of the common optimizers from seed 0, None
    for none.
    solvers : how many of the common optimizers solve it from at least half of 5 seeds, at their
    best lr.
    """

    problem: Problem
    report: check.Report
    condition: float | None
    solution: solvability.Solution | None
    solvers: int

    @property
    def failed(self) -> list[str]:
        """The requirements that it fails, with the reasons."""
        return [f"{v.requirement}: {v.detail}" for v in self.report.verdicts if v.verdict == "fail"]

    @property
    def sound(self) -> bool:
        """Whether it compiles and may be evaluated here."""
        return all(
            v.verdict != "fail" for v in self.report.verdicts if v.requirement in check.NEEDED
        )

    @property
    def separates(self) -> str:
        """How many of the common optimizers solve it, and a note where it separates nothing."""
        every = len(discovery.COMMON)
        note = {0: ", separates nothing", every: ", separates nothing"}.get(self.solvers, "")
        return f"{self.solvers} of {every}{note}"

    @property
    def row(self) -> dict[str, str]:
        """The problem's row in the table."""
        problem, details = self.problem, {v.requirement: v for v in self.report.verdicts}
        gradient, solved = details["has its gradient"], details["can be solved"]
        start = f"{problem.value_and_grad(problem.start(0))[0]:.6g}" if self.sound else "–"
        return {
            "problem": problem.name,
            "kind": problem.kind,
            "dim": str(problem.dim),
            "f(start)": start,
            "f*": "unknown" if problem.minimum is None else f"{problem.minimum:.10g}",
            "condition": curvature.told(self.condition),
            "budget": str(problem.budget),
            "tags": ", ".join(problem.tags) or "–",
            "gradient": gradient.verdict
            if gradient.verdict != "pass"
            else "complex step"
            if "complex" in gradient.detail
            else "differences",
            "solved by": f"{self.solution.optimizer}, {self.solution.evaluations}"
            if self.solution
            else solved.detail,
            "separates": self.separates,
        }


def audited(problem: Problem, quick: bool, say: Callable[[str], object]) -> Audited:
    """Hold the problem to every requirement and see who solves it."""
    report = check.examine(problem, quick, say, measure=False)
    if (
        any(v.verdict == "fail" and v.requirement in check.NEEDED for v in report.verdicts)
        or not problem.targets
    ):
        return Audited(problem, report, None, None, 0)
    say(f"{problem.name}: the default sweep")
    runs = execute(of_words({"problems": [problem], "optimizers": discovery.COMMON})).results.runs
    shares = (
        (runs["status"] == "solved").groupby([runs["optimizer"], runs["lr"]], observed=True).mean()
    )
    solvers = int((shares.groupby("optimizer", observed=True).max() >= 0.5).sum())
    first = runs[(runs["seed"] == 0) & runs["evaluations_to_target"].notna()].sort_values(
        "evaluations_to_target"
    )
    best = None
    if len(first):
        row = first.iloc[0]
        best = solvability.Solution(
            str(row["optimizer"]), float(row["lr"]), int(row["evaluations_to_target"])
        )
    return Audited(problem, report, curvature.condition(problem), best, solvers)


def ladders(problems: Sequence[Problem]) -> Iterator[tuple[str, list[str]]]:
    """Of each family with a ladder: its name, and the rungs with the fewest evaluations of the
    common optimizers and L-BFGS.

    Raises Unmet, with the ladder, where a rung isn't harder than the one before it.
    """
    families = registry.registered()
    for name in sorted({problem.family for problem in problems}):
        rungs = (
            [families[name].problem(**given) for given in families[name].ladder]
            if name in families
            else []
        )
        if not rungs:
            continue
        costs = [
            solution.evaluations
            if (solution := solvability.fewest(rung, solvability.FIRST))
            else math.inf
            for rung in rungs
        ]
        told = [f"{rung.name} {cost:g}" for rung, cost in zip(rungs, costs, strict=True)]
        grows = all(a < b for a, b in pairwise(costs))
        if not grows:
            raise Unmet(f"{name}: the ladder doesn't grow: {', '.join(told)}")
        yield name, told


def audit(
    word: str | None, quick: bool = False, as_json: bool = False, write: str | None = None
) -> bool:
    """Audit every problem and variant, or those of a name or a plugin file; print the table;
    returns whether all is well.

    quick : without the processes with checked bounds.  write : a Markdown file whose table is
    replaced. Raises InputError for unknown names and files that can't be written.
    """
    subjects = (
        suites.every_problem()
        if word is None
        else [s for s in check.subjects(word) if isinstance(s, Problem)]
    )
    if not subjects:
        raise InputError(
            f"{word} has no problem to audit; `optbench check {word}` checks optimizers"
        )
    if write:
        _marked(Path(write))  # before minutes of work
    found, wrong = [], []
    console = open_console(stderr=True)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("auditing", total=len(subjects))

        def say(text: str) -> None:
            progress.update(task, description=escape(text))

        for problem in subjects:
            found.append(audited(problem, quick, say))
            wrong += [f"{problem.name} {reason}" for reason in found[-1].failed]
            for reason in found[-1].failed:
                progress.console.print(
                    f"{problem.name} fails {reason}", style="red", markup=False, highlight=False
                )
            progress.advance(task)
        say("ladders")
        rungs: list[tuple[str, list[str]]] = []
        unfit = {one.problem.family for one in found if not one.sound}
        for family in dict.fromkeys(
            problem.family for problem in subjects if problem.family not in unfit
        ):
            try:
                rungs += ladders([problem for problem in subjects if problem.family == family][:1])
            except Unmet as error:
                wrong.append(str(error))
    text = table(found, rungs)
    if as_json:
        print(
            json.dumps(
                {
                    "passed": not wrong,
                    "problems": [_document(one) for one in found],
                    "wrong": wrong,
                },
                indent=2,
            )
        )
    else:
        print(text)
        for reason in wrong:
            console.print(f"fails: {reason}", style="red", markup=False, highlight=False)
    if write:
        _replace(Path(write), text)
    return not wrong


def table(found: Sequence[Audited], rungs: Sequence[tuple[str, list[str]]]) -> str:
    """The table in Markdown, with what is open and what separates nothing below it, and the
    ladders.
    """
    rows = [one.row for one in sorted(found, key=lambda one: one.problem.name)]
    widths = [max(len(word), *(len(row[word]) for row in rows)) for word in COLUMNS]
    lines = [
        "| "
        + " | ".join(word.ljust(width) for word, width in zip(COLUMNS, widths, strict=True))
        + " |"
    ]
    lines += ["|" + "|".join("-" * (width + 2) for width in widths) + "|"]
    for row in rows:
        lines.append(
            "| "
            + " | ".join(
                row[word].ljust(width) for word, width in zip(COLUMNS, widths, strict=True)
            )
            + " |"
        )
    idle = [row["problem"] for row in rows if "separates nothing" in row["separates"]]
    unsolved = [one.problem.name for one in found if "open" in one.problem.tags]
    lines += [
        "",
        f"Open: {', '.join(unsolved) or 'none'}.",
        "",
        f"Separates nothing: {', '.join(idle) or 'none'}.",
    ]
    lines += ["", *(f"- {name}: {' < '.join(told)}" for name, told in rungs)]
    return "\n".join(lines).rstrip() + "\n"


def _document(one: Audited) -> dict[str, Any]:
    condition = one.condition if one.condition is None or math.isfinite(one.condition) else None
    return {
        **one.report.document,
        **one.row,
        "condition_number": condition,
        "common_solvers": one.solvers,
    }


def _replace(file: Path, text: str) -> None:
    """Put the text between the marks of a Markdown file."""
    before = _marked(file)
    try:
        file.write_text(MARKS.sub(lambda _: f"{BEGIN}\n{text}{END}", before), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{str(file)!r} can't be written: {error.strerror}") from error


def _marked(file: Path) -> str:
    """The text of a Markdown file that has both marks. Raises InputError where it can't be read or
    lacks them.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{str(file)!r} can't be written: {getattr(error, 'strerror', error)}"
        ) from error
    if not MARKS.search(text):
        raise InputError(f"{str(file)!r} has no lines {BEGIN} and {END} to write between")
    return text
