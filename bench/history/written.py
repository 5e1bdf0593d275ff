"""A check's report as files: JSON for programs, Markdown for a pull request."""

import json
from pathlib import Path

from ...kernels.grammar import InputError
from .findings import Finding, ordered
from .report import Report

RULES, NOTES = 8, 5
"""Lines of each kind that Markdown shows beside its heading and the folded table: at most 20
together.
"""
ROWS = 500
"""Of the folded table: GitHub takes a megabyte."""


def write(report: Report, json_file: str | None, markdown_file: str | None) -> None:
    """Write the files that are asked for. Raises InputError where one can't be written."""
    for name, text in ((json_file, as_json), (markdown_file, as_markdown)):
        if name is None:
            continue
        try:
            Path(name).write_text(text(report), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{name} can't be written: {error.strerror}") from error


def writable(names: list[str | None]) -> None:
    """Raise InputError where one of the files can't be made, before minutes of work."""
    for name in filter(None, names):
        place = Path(name)
        if place.is_dir() or not place.resolve().parent.is_dir():
            raise InputError(
                f"{name} can't be written:"
                f" {'it is a folder' if place.is_dir() else 'its folder is missing'}"
            )
        new = not place.exists()
        if not new and not place.is_file():
            continue  # a pipe waits for its reader
        try:
            place.open("a").close()
            if new:
                place.unlink()
        except OSError as error:
            raise InputError(f"{name} can't be written: {error.strerror}") from error


def as_json(report: Report) -> str:
    """The whole report."""
    sides = {
        name: {"label": label, "commit": commit}
        for name, label, commit in zip(
            ("base", "head"), (report.base, report.head), report.hashes, strict=True
        )
    }
    document = {
        **sides,
        "passed": report.passed,
        "verdict": report.verdict,
        "by_rule": report.by_rule,
        "unjudged": list(report.unjudged),
        "notes": list(report.lines),
        "compared": dict(report.counts),
        "findings": [_as_object(finding) for finding in ordered(report.findings)],
    }
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _as_object(finding: Finding) -> dict[str, object]:
    own = {
        "what": finding.what,
        "verdict": finding.verdict,
        "fails": finding.fails,
        "change": finding.change,
    }
    return {
        **finding.case._asdict(),
        **own,
        **({"accepted": finding.reason} if finding.reason else {}),
    }


def as_markdown(report: Report) -> str:
    """A heading, a line a rule, what is to be known, and the table, folded."""
    heading = f"### {'✅' if report.passed else '❌'} optbench history: {_escaped(report.title)}"
    rules = [f"- {_escaped(line)}" for line in _shortened(report.by_rule, RULES, "rules")]
    notes = [f"- {_escaped(line)}" for line in _shortened(report.lines, NOTES, "notes")]
    parts = [heading, "", _escaped(report.verdict), *rules, *(["", *notes] if notes else [])]
    if report.findings:
        parts += [
            "",
            f"<details><summary>{len(report.findings)} findings</summary>",
            "",
            *_table(report),
            "",
            "</details>",
        ]
    return "\n".join(parts) + "\n"


def _shortened(lines, most: int, kind: str) -> list[str]:
    lines = list(lines)
    return (
        lines
        if len(lines) <= most
        else [*lines[: most - 1], f"... and {len(lines) - most + 1} more {kind}"]
    )


def _table(report: Report) -> list[str]:
    findings = ordered(report.findings)
    rows = ["| problem | optimizer | lr | run | verdict | change |", "|---|---|---|---|---|---|"]
    for finding in findings[:ROWS]:
        case = finding.case
        verdict = (
            f"{finding.verdict}, accepted: {finding.reason}" if finding.reason else finding.verdict
        )
        row = (case.problem, case.optimizer, case.lr, case.variant, verdict, finding.change)
        rows.append(f"| {' | '.join(map(_escaped, row))} |")
    return rows + (["", f"... and {len(findings) - ROWS} more"] if len(findings) > ROWS else [])


def _escaped(text: str) -> str:
    """The text in one line, with nothing that Markdown or HTML takes for its own."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for letter in "\\`*_[]|":
        text = text.replace(letter, f"\\{letter}")
    return text
