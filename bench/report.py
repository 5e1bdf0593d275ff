"""What the commands say: the leaderboard, what was computed and found, where the figures went."""

from pathlib import Path

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from ..kernels.grammar import InputError
from ..problems.problem import Problem
from . import failures, lookup, plugins
from .console import open_console
from .results import Results
from .run import Outcome


def write_leaderboard(results: Results, out: str) -> Path:
    """Write the leaderboard as CSV into the folder and return the file. Raises InputError where it can't be written."""
    file = Path(out) / "leaderboard.csv"
    try:
        results.leaderboard().to_csv(file, index=False, float_format="%.6g")
    except OSError as error:
        raise InputError(f"{str(file)!r} can't be written: {error.strerror}") from error
    return file


def tell(outcome: Outcome, out: str) -> None:
    """Write the leaderboard as CSV, then print what was computed, the leaderboard and the failures."""
    file = write_leaderboard(outcome.results, out)  # before anything is printed: a pipe may be closed by then
    console = open_console()
    words = [f"{outcome.computed} runs computed"]
    if outcome.found:
        words.append(f"{outcome.found} found in {out}/runs")
    if outcome.superseded:
        words.append(f"{outcome.superseded} stored ones superseded by edited code")
    console.print(", ".join(words) + ("; nothing to do" if outcome.computed == 0 else ""), highlight=False, markup=False)
    print_leaderboard(outcome.results)
    for reason in failures.lines(outcome.failed):
        open_console(stderr=True).print(f"failed: {reason}", markup=False, highlight=False, style="red", soft_wrap=True)
    table = outcome.results.table
    aimless = {str(name) for name, targets in zip(table["problem"], table["targets"], strict=True) if not len(targets)}
    for name in sorted(aimless - {done.block.problem.name for done in outcome.failed}):
        open_console(stderr=True).print(f"{name} has no targets, so nothing solves it: give it minimum or levels", markup=False)
    console.print(f"runs in {out}/runs, leaderboard in {file}", highlight=False, markup=False)


def print_leaderboard(results: Results) -> pd.DataFrame:
    """Print the leaderboard and return it."""
    if not len(results):
        raise InputError("there are no runs to compare; `optbench run` makes some")
    board = results.leaderboard()
    caption = (
        "score: area under the performance profile up to 4 × the fastest, each optimizer at its best lr a problem; "
        "interval: 95 % bootstrap over seeds"
    )
    if board["at_edge"].any():
        caption += "; edge: problems whose best lr is the least or largest tried, where a wider grid (--lr) may do better"
    table = Table(title="Leaderboard", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), caption=caption, caption_style="dim")
    widths = {"": 2, "score": 6, "95 % interval": 13, "solved": 6, "wins": 4, "edge": 4, "diverged": 8}
    for heading in ("", "optimizer", "score", "95 % interval", "solved", "wins", "edge", "diverged"):
        # names fold where there is no room, numbers never
        justify = "left" if heading == "optimizer" else "right"
        table.add_column(
            heading, justify=justify, no_wrap=heading in widths, overflow="fold", min_width=widths.get(heading)
        )  # fmt: skip
    for place, row in enumerate(board.to_dict("records"), 1):
        table.add_row(
            str(place), escape(str(row['optimizer'])), "failed" if row['failed'] == 1 else f"{row['score']:.3f}",
            f"{row['low']:.3f} – {row['high']:.3f}", f"{row['solved']}/{row['problems']}", str(row['wins']),
            str(row['at_edge']), f"{row['diverged']:.0%}",
        )  # fmt: skip
    open_console().print(table)
    return board


def draw_all(results: Results, folder: str, names: list[str] | None = None, crowded: bool = False) -> None:
    """Draw figures into `folder`, saying where each went; unless `crowded` they show the leading optimizers alone."""
    from .figures import draw, leading

    console = open_console()
    with console.status("drawing"):
        shown = results if crowded else leading(results)
        files = list(draw(shown, folder, names))
    if len(shown) < len(results):
        some, every = (frame.labelled["label"].nunique() for frame in (shown, results))
        console.print(
            f"figures show the first {some} of {every} optimizers; `optbench plot FIGURE -o NAME,...` draws those you name",
            highlight=False, markup=False,
        )  # fmt: skip
    if not files:
        raise InputError(f"nothing to draw: these runs have no problem that {', '.join(names or [])} can show")
    console.print(f"figures in {', '.join(map(str, files))}", highlight=False, markup=False)


def draw_landscape(word: str, folder: str) -> None:
    """Draw a problem's landscape into `folder`, saying where. Raises InputError where the word isn't a problem's."""
    from .figures import draw_landscape as draw

    console, found = open_console(stderr=True), lookup.named(word)  # stdout may be one JSON document
    if not isinstance(found, Problem):
        raise InputError(f"--plot draws a problem's landscape; {word!r} is an optimizer")
    console.print(f"landscape in {draw(found, folder)}", highlight=False, markup=False)


def chosen(results: Results, problems: list[str] | None, optimizers: list[str] | None) -> Results:
    """The runs of these problems and optimizers alone. Raises InputError where none is left."""
    table = results.table
    for column, asked, find in (
        ("problem", problems, plugins.get_problem),
        ("optimizer", optimizers, plugins.get_optimizer),
    ):
        if asked:
            stored = table[column].to_pylist()
            # runs can be told apart without the plugin that made them
            names = {word if word in stored else find(word).name for word in asked}
            table = table.filter([word in names for word in stored])
            if not len(table):
                raise InputError(f"no stored runs of {column} {', '.join(sorted(names))}")
    if not len(table):
        raise InputError("there are no stored runs; `optbench run` makes some")
    return Results([table])
