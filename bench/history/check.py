"""The regression check: which cases became slower or converge differently between two commits,
beyond rounding and noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...kernels.grammar import InputError
from ..terminal.console import open_console
from . import accepted, judging, repository, written
from .asv_config import asv_config
from .findings import excused
from .installing import Installed, installed
from .processes import Deadline
from .report import Report
from .repository import Commit
from .scratch import working_folder
from .stages import Stages
from .suite import tracked_by
from .table import show


@dataclass(frozen=True)
class Question:
    """What is asked.

    base : a revision; with three dots behind it, as in `git diff main...HEAD`, the commit where
    HEAD left it.
    head : a revision, "." for the working tree; None means what stands behind the dots, or HEAD.
    problems, optimizers : names; None means all that either commit has.
    timed : judge times too.  environments : an environment for each commit, with what it asks for.
    seconds : after which the check ends; None means that only the paired times have a limit.
    json, markdown : files to write.  all_rows : print every row.
    """

    base: str
    head: str | None = None
    problems: Sequence[str] | None = None
    optimizers: Sequence[str] | None = None
    timed: bool = True
    environments: bool = False
    seconds: float | None = None
    json: str | None = None
    markdown: str | None = None
    all_rows: bool = False


@dataclass(frozen=True)
class Ends:
    """The two commits of a repository. missing : a line on what BASE has and HEAD hasn't; empty for
    nothing.
    """

    root: Path
    base: Commit
    head: Commit
    missing: str

    @property
    def both(self) -> tuple[Commit, Commit]:
        """BASE and HEAD."""
        return self.base, self.head


def check(question: Question) -> bool:
    """Compare BASE and HEAD in this repository, write and print what was found, and say whether
    HEAD passes.

    Raises InputError for a question that means nothing here, RuntimeError for a commit that can't
    be installed or measured.
    """
    written.writable([question.json, question.markdown])
    deadline = Deadline(question.seconds)
    with Stages(open_console(stderr=True)) as stage:
        ends = ends_of(question, repository.repository(), stage)
        with working_folder() as folder:
            found = compared(question, ends, folder, deadline, stage)
    lines = (*found.lines, *([ends.missing] if ends.missing else []))
    names = ends.base.name, ends.head.name
    report = replace(found, base=ends.base.label, head=ends.head.label, hashes=names, lines=lines)
    try:
        written.write(report, question.json, question.markdown)
    finally:
        # after minutes of work, whether or not a disk is full
        show(report, question.all_rows)
    return report.passed


def ends_of(question: Question, root: Path, stage: Stages) -> Ends:
    """The commits that the question names. Raises InputError where it names none."""
    base, dots, tip = question.base.partition("...")
    if tip and question.head:
        raise InputError(f"both {tip!r} and {question.head!r} stand for HEAD; give one")
    before, after = (
        repository.found(root, base),
        repository.found(root, tip or question.head or "HEAD"),
    )
    if dots:
        before = repository.parting(root, before, after)
    if after.name != repository.TREE and (file := repository.differing(root, asv_config(root))):
        stage.line(
            f"{file} differs from the last commit, and isn't compared: . is the working tree"
        )
    count = repository.ahead(root, before, after)
    missing = (
        f"HEAD lacks {count} commits of BASE, which count as undone; {base}... compares from where"
        " they part"
    )
    return Ends(root, before, after, missing if count else "")


def compared(
    question: Question, ends: Ends, folder: Path, deadline: Deadline, stage: Stages
) -> Report:
    """What differs between the two commits, without their names."""
    entries = accepted.brought(
        *(repository.text_of(ends.root, commit, accepted.FILE) for commit in ends.both)
    )
    same, asked = sameness(ends), bool(question.problems or question.optimizers)
    if same and not asked:
        return Report(same=same)
    named = zip(ends.both, ("BASE", "HEAD"), strict=True)
    sources = [
        repository.files_of(ends.root, commit, folder / "source" / name) for commit, name in named
    ]
    tracked = tracked_by(*sources)
    if same and not judging.untracked_names(question.problems, question.optimizers, tracked):
        return Report(same=same)
    labels = [commit.label for commit in ends.both]
    both = installed(sources, labels, folder, question.environments, deadline, stage)
    stage("what both commits have")
    names, notes = judging.names_of(
        both.packages, tracked, question.problems, question.optimizers, deadline
    )
    notes = [*both.notes, *notes]
    if same or both.equal:
        return Report(
            same=same or "their packages have the same files: no curve can differ",
            lines=tuple(notes),
        )
    found = judging.judged(request(question, both), tracked, names, deadline, stage)
    idle = [
        entry
        for entry in entries
        if not any(entry.covers(row.what, row.case) for row in found.findings)
    ]
    notes += [f"{accepted.FILE}: the entry {entry.label} covers no curve here" for entry in idle]
    return concluded(found, entries, notes)


def concluded(found: Report, entries: Sequence[accepted.Accepted], notes: Sequence[str]) -> Report:
    """The report with what is accepted. Raises RuntimeError where that would pass though no curve
    could be measured.
    """
    findings = tuple(excused(finding, entries) for finding in found.findings)
    report = replace(found, findings=findings, lines=(*found.lines, *notes))
    if report.failure and report.passed:
        raise RuntimeError(report.failure)
    return report


def request(question: Question, both: Installed) -> judging.Request:
    """What is to be judged, of which packages."""
    limited = question.seconds is not None
    return judging.Request(
        both.packages, question.problems, question.optimizers, question.timed, limited
    )


def sameness(ends: Ends) -> str:
    """Why there is nothing to compare; empty where there is."""
    if ends.base.name == ends.head.name:
        return "they are the same commit, there is nothing to compare"
    if repository.same_files(ends.root, *ends.both):
        return (
            f"{ends.base.label} and {ends.head.label} have the same files, there is nothing to"
            " compare"
        )
    return ""
