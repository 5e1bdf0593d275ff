"""The progress bar of a sweep: runs done, run-steps a second, time left; as many of them as there
is room for.
"""

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column

from ..terminal.console import open_console
from .schema import Done

REFRESH = 0.2
"""Seconds between two lines in a notebook."""


class Tally:
    """What finished blocks add up to."""

    def __init__(self, runs: int):
        self.runs, self.done, self.failed, self.steps, self.began = runs, 0, 0, 0, time.monotonic()

    def add(self, done: Done) -> None:
        """Count a finished block."""
        self.done += done.block.lrs.size
        if done.record is None:
            self.failed += done.block.lrs.size
        else:
            self.steps += done.record.lane_steps

    @property
    def activity(self) -> str:
        """What goes on, in a word or two."""
        return (
            f"running ({self.failed} failed)"
            if self.failed
            else "running"
            if self.done
            else "compiling"
        )

    @property
    def speed(self) -> str:
        """Steps of runs a second so far."""
        return f"{_compact(self.steps / max(time.monotonic() - self.began, 1e-9))} run-steps/s"


@contextmanager
def bar(runs: int) -> Iterator[Callable[[Done], None]]:
    """Draw a bar for `runs` runs on stderr; yields the function to call with each finished
    block.
    """
    console = open_console(stderr=True)
    draw = _line_in_a_notebook if console.is_jupyter else _bar_on_a_terminal
    with draw(Tally(runs), console) as advance:
        yield advance


@contextmanager
def _bar_on_a_terminal(tally: Tally, console: Console) -> Iterator[Callable[[Done], None]]:
    with Progress(
        *columns_for(console), console=console, speed_estimate_period=10, expand=True
    ) as progress:
        task = progress.add_task(tally.activity, total=tally.runs, speed="…")

        def advance(done: Done) -> None:
            tally.add(done)
            progress.update(
                task, advance=done.block.lrs.size, description=tally.activity, speed=tally.speed
            )

        yield advance


def columns_for(console: Console) -> list[ProgressColumn]:
    """The columns that fit; no number is ever cut."""
    columns: list[ProgressColumn] = [
        TextColumn("{task.description}"),
        BarColumn(bar_width=None, table_column=Column(ratio=1)),
        MofNCompleteColumn(),
        TextColumn("runs"),
    ]
    if console.width >= 80:
        columns += [TextColumn("· {task.fields[speed]}")]
    if console.width >= 100:
        columns += [TextColumn("·"), TimeElapsedColumn()]
    return (
        [*columns, TextColumn("· left"), TimeRemainingColumn()] if console.width >= 55 else columns
    )


@contextmanager
def _line_in_a_notebook(tally: Tally, console: Console) -> Iterator[Callable[[Done], None]]:
    """A line that is written anew, where rich's bar needs ipywidgets."""
    display = importlib.import_module("IPython.display").display
    handle, said = display(_plain(tally), display_id=True, raw=True), 0.0

    def advance(done: Done) -> None:
        nonlocal said
        tally.add(done)
        if tally.done == tally.runs or time.monotonic() - said > REFRESH:
            handle.update(_plain(tally), raw=True)
            said = time.monotonic()

    yield advance


def _plain(tally: Tally) -> dict[str, str]:
    return {"text/plain": f"{tally.activity}: {tally.done}/{tally.runs} runs · {tally.speed}"}


def _compact(number: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.1f} {letter}"
    return f"{number:.0f} "
