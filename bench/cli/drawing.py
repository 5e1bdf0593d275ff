"""What the commands say: the leaderboard, what was computed and found, where the figures went."""

from pathlib import Path

from ...kernels.grammar import InputError
from ...problems.problem import Problem
from ..plugins import lookup
from ..runs import failures
from ..runs.results import Results
from ..runs.run import Outcome
from ..terminal.console import open_console
from .leaderboard import print_leaderboard


def write_leaderboard(results: Results, out: str) -> Path:
    """Write the leaderboard as CSV into the folder and return the file. Raises InputError where it
    can't be written.
    """
    file = Path(out) / "leaderboard.csv"
    try:
        results.board.table.to_csv(file, index=False, float_format="%.6g")
    except OSError as error:
        raise InputError(f"{str(file)!r} can't be written: {error.strerror}") from error
    return file


def tell(outcome: Outcome, out: str) -> None:
    """Write the leaderboard as CSV, then print what was computed, the leaderboard and the
    failures.
    """
    file = write_leaderboard(
        outcome.results, out
    )  # before anything is printed: a pipe may be closed by then
    console = open_console()
    words = [f"{outcome.computed} runs computed"]
    if outcome.found:
        words.append(f"{outcome.found} found in {out}/runs")
    if outcome.superseded:
        words.append(f"{outcome.superseded} stored ones superseded by edited code")
    console.print(
        ", ".join(words) + ("; nothing to do" if outcome.computed == 0 else ""),
        highlight=False,
        markup=False,
    )
    print_leaderboard(outcome.results)
    for reason in failures.lines(outcome.failed):
        open_console(stderr=True).print(
            f"failed: {reason}", markup=False, highlight=False, style="red", soft_wrap=True
        )
    table = outcome.results.table
    aimless = {
        str(name)
        for name, targets in zip(table["problem"], table["targets"], strict=True)
        if not len(targets)
    }
    for name in sorted(aimless - {done.block.problem.name for done in outcome.failed}):
        open_console(stderr=True).print(
            f"{name} has no targets, so nothing solves it: give it minimum or levels", markup=False
        )
    console.print(f"runs in {out}/runs, leaderboard in {file}", highlight=False, markup=False)


def tell_no_figures() -> None:
    """Say that none were asked for, though nobody typed so."""
    open_console().print(
        "no figures, as the suite or the sweep file says; --figures draws them",
        highlight=False,
        markup=False,
    )


def draw_all(
    results: Results, folder: str, names: list[str] | None = None, crowded: bool = False
) -> None:
    """Draw figures into `folder`, saying where each went; unless `crowded` they show the leading
    optimizers alone.

    Each problem is shown at one budget, as the leaderboard compares it.
    """
    from ..plots.panels import draw, leading

    console = open_console()
    results, left_out = results.at_one_budget
    for note in left_out:
        console.print(note, highlight=False, markup=False)
    with console.status("drawing"):
        shown = results if crowded else leading(results)
        files = list(draw(shown, folder, names))
    if len(shown) < len(results):
        some, every = (frame.labelled["label"].nunique() for frame in (shown, results))
        console.print(
            f"figures show the first {some} of {every} optimizers; `optbench plot FIGURE -o"
            " NAME,...` draws those you name",
            highlight=False,
            markup=False,
        )
    if not files:
        raise InputError(
            f"nothing to draw: these runs have no problem that {', '.join(names or [])} can show"
        )
    console.print(f"figures in {', '.join(map(str, files))}", highlight=False, markup=False)


def draw_landscape(word: str, folder: str) -> None:
    """Draw a problem's landscape into `folder`, saying where. Raises InputError where the word
    isn't a problem's.
    """
    from ..plots.panels import draw_landscape as draw

    console, found = (
        open_console(stderr=True),
        lookup.named(word),
    )  # stdout may be one JSON document
    if not isinstance(found, Problem):
        raise InputError(f"--plot draws a problem's landscape; {word!r} is an optimizer")
    console.print(f"landscape in {draw(found, folder)}", highlight=False, markup=False)
