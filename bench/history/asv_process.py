"""asv run as a process: its progress and the reasons of its failures shown, and failures counted.

asv's own tables, and its traces of every failed case, would hide both. What it prints is the only
place that has the reasons, and the only one at all in a dry run, which writes no results.
"""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

REASON = r"\s*([\w.]+(Error|Exception|Exit|Interrupt)\b|ERROR: |asv: (?!setup_cache failed$))"
"""Matches the line that says why: the last of a trace, one of pip's, or asv's own. A benchmark that
asv skips has none.
"""


@dataclass
class AsvSummary:
    """How many commits asv began, how many of them it couldn't build, and how many benchmarks
    failed.
    """

    begun: int = 0
    unbuilt: int = 0
    failed: int = 0


def run_asv(
    root: Path,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    console: Console,
    tables: bool,
) -> AsvSummary:
    """Run asv in the folder `root`, show its progress and why benchmarks fail, and count.

    tables : show its tables of results, too.  Raises RuntimeError with asv's last lines where it
    ends otherwise than with measured or failed benchmarks.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "asv", *arguments],
        cwd=root,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    summary, lines, failing, reasons = AsvSummary(), [], False, set()
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        heading = "·" in line and not re.search("··· =|Traceback", line)
        if heading and "total benchmarks" in line:
            # asv counts those that it will skip, too
            continue
        failed = heading and bool(re.search(r"··· .*\bfailed\)?\s*$", line))
        summary.begun += bool(re.search(r"· For .* commit ", line))
        summary.unbuilt += "·· Skipping " in line
        summary.failed += failed
        failing = failing if not heading else failed or "Error running" in line
        # a failure is followed by a trace for every case: each reason in it is shown one time
        reason = (
            failing
            and not heading
            and re.match(REASON, line) is not None
            and line.strip() not in reasons
        )
        if reason:
            reasons.add(line.strip())
        if tables or heading or reason:
            _show(line, console)
    status = process.wait()
    if status not in (0, 2) or (status == 2 and not summary.failed and not summary.unbuilt):
        raise RuntimeError(
            f"asv ended with exit status {status}: {' '.join(line.strip() for line in lines[-3:])}"
        )
    return summary


def _show(line: str, console: Console) -> None:
    """Print a line of asv's. It names an environment by all that is in it: the Python will do."""
    shown = re.sub(r"(virtualenv-py[\d.]+)\S*", r"\1", line.rstrip())
    console.print(shown, markup=False, highlight=False, soft_wrap=True)
