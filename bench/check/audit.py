"""`optbench check --problems`: every requirement of every problem, the ladders, what separates
optimizers, and the table of docs/problems.md.
"""

import json
import math
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.progress import Progress

from ...kernels.grammar import InputError
from ...problems.problem import Problem
from ..sweep import suites
from ..terminal.console import open_console
from . import audit_page
from .audited import Audited, audited, ladders
from .report import subjects as subjects_of
from .requirement import Unmet


def audit(
    name: str | None, quick: bool = False, as_json: bool = False, write: str | None = None
) -> bool:
    """Audit every problem and variant, or those of a name or a plugin file; print the table;
    returns whether all is well.

    quick : without the processes with checked bounds.  write : a Markdown file whose table is
    replaced. Raises InputError for unknown names and files that can't be written.
    """
    subjects = (
        suites.every_problem()
        if name is None
        else [s for s in subjects_of(name) if isinstance(s, Problem)]
    )
    if not subjects:
        raise InputError(
            f"{name} has no problem to audit; `optbench check {name}` checks optimizers"
        )
    if write:
        audit_page.read(Path(write))  # before minutes of work
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
        unsound = {one.problem.family for one in found if not one.sound}
        for family in dict.fromkeys(
            problem.family for problem in subjects if problem.family not in unsound
        ):
            try:
                rungs += ladders([problem for problem in subjects if problem.family == family][:1])
            except Unmet as error:
                wrong.append(str(error))
    text = audit_page.table(found, rungs)
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
        audit_page.write(Path(write), text)
    return not wrong


def _document(one: Audited) -> dict[str, Any]:
    condition = one.condition if one.condition is None or math.isfinite(one.condition) else None
    return {
        **one.report.document,
        **audit_page.row(one),
        "condition_number": condition,
        "common_solvers": one.solvers,
    }
