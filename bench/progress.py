"""The progress bar of a sweep: runs done, run-steps a second, time left."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from .console import open_console
from .results import Done


@contextmanager
def bar(runs: int) -> Iterator[Callable[[Done], None]]:
    """Draw a bar for `runs` runs on stderr; yields the function to call with each finished block."""
    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs · {task.fields[speed]} ·"),
        TimeElapsedColumn(),
        TextColumn("· left"),
        TimeRemainingColumn(),
    ]
    began, steps, failed = time.monotonic(), 0, 0
    with Progress(*columns, console=open_console(stderr=True), speed_estimate_period=10) as progress:
        task = progress.add_task("compiling", total=runs, speed="…")

        def advance(done: Done) -> None:
            nonlocal steps, failed
            if done.followed is None:
                failed += done.block.lrs.size
            else:
                steps += done.followed.lane_steps
            speed = f"{_compact(steps / max(time.monotonic() - began, 1e-9))} run-steps/s"
            words = f"running ({failed} failed)" if failed else "running"
            progress.update(task, advance=done.block.lrs.size, description=words, speed=speed)

        yield advance


def _compact(number: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.1f} {letter}"
    return f"{number:.0f} "
