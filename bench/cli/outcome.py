"""What `optbench run` says at its end: what was computed and found, the leaderboard, failures."""

import pyarrow as pa
import pyarrow.compute as pc

from ..runs import failures
from ..runs.results import Results
from ..runs.run import Outcome
from ..terminal.console import open_console, print_plain
from .leaderboard import print_leaderboard, write_leaderboard


def print_outcome(outcome: Outcome, out: str) -> None:
    """Write the leaderboard as CSV, then print what was computed, the leaderboard and the
    failures.
    """
    # the file comes first: when the table is printed, a pipe may be closed
    file = write_leaderboard(outcome.results, out)
    errors = open_console(stderr=True)
    counts = [f"{outcome.computed} runs computed"]
    if outcome.found:
        counts.append(f"{outcome.found} found in {out}/runs")
    if outcome.superseded:
        counts.append(f"{outcome.superseded} stored ones superseded by edited code")
    print_plain(", ".join(counts) + ("; nothing to do" if outcome.computed == 0 else ""))
    print_leaderboard(outcome.results)
    for reason in failures.lines(outcome.failed):
        print_plain(f"failed: {reason}", errors, style="red", soft_wrap=True)
    has_failed = {done.block.problem.name for done in outcome.failed}
    for name in sorted(without_targets(outcome.results) - has_failed):
        errors.print(
            f"{name} has no targets, so nothing solves it: give it minimum or levels", markup=False
        )
    print_plain(f"runs in {out}/runs, leaderboard in {file}")


def without_targets(results: Results) -> set[str]:
    """The problems of these runs that nothing can solve."""
    table = results.table
    counts = pc.call_function("list_value_length", [table["targets"]])
    rows = table.filter(pc.call_function("equal", [counts, 0]))
    return set(rows["problem"].cast(pa.string()).unique().to_pylist())
