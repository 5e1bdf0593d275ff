"""The figure of a history: wall time and convergence of every optimizer across commits, and who
changed them.
"""

import math
import os
import string
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ...kernels.grammar import InputError
from ..plots.history import history_curves
from ..plots.style import optbench_style
from ..plugins.discovery import discover
from ..terminal.console import open_console
from . import asv_results, repository
from .choice import chosen, not_drawn
from .series import Change, Series, changes, series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OUT = "results/figures/history.png"
"""Below the folder of asv.conf.json, whatever folder the command is given in."""
MARKED = 8
"""Changes named under a panel: the largest."""
SUBJECT, WIDTH = 48, 148
"""Letters of a commit's subject, and of a line of the key, which fits below its panel."""
NOTES = 5
"""Files left out that are named."""


class Panel(NamedTuple):
    """benchmark : its function's name.  factor : from which a commit counts as changing an
    optimizer.

    timed : it has samples and noise.  calibrated : the same in units of a calibration loop, where
    that was measured.
    """

    benchmark: str
    meaning: str
    factor: float
    timed: bool
    calibrated: str = ""


PANELS = (
    Panel("track_step_time", "time of a step", 1.05, True, "track_relative_step_time"),
    Panel("track_steps_to_target", "steps to target", 1.02, False),
)


def plot(
    out: Path | None,
    machine: str | None,
    problems: Sequence[str] | None,
    optimizers: Sequence[str] | None,
    environment: str | None = None,
) -> tuple[Path, str]:
    """Draw the history of this repository into a file; return it and a line that says what it
    shows.

    out : its suffix says which of matplotlib's formats, none PNG; a folder gets a history.png; None
    means OUT.
    environment : parts of the environment's name, as "numba0.68.1".  What can't be read is left out
    with a line on stderr.

    Raises InputError where nothing of what is asked was measured, or the file can't be written.
    """
    root = repository.repository()
    out = _file(out, root)
    notes: list[str] = []
    frame = asv_results.read(root, notes.append)
    notes += _broken_plugin()
    _print(notes)
    # of these alone a line can be drawn
    names = [name for panel in PANELS for name in (panel.benchmark, panel.calibrated) if name]
    drawable = pd.concat([_of(frame, name) for name in names])
    if drawable.empty:
        raise InputError("neither step times nor steps to target were measured")
    order = repository.first_parents(root)
    asked = chosen(drawable, machine, environment, problems, optimizers)
    own = asked.alike[asked.alike["commit"].isin(order)]
    if own.empty:
        raise InputError(repository.strayed(root, set(asked.alike["commit"])))
    subjects = repository.subjects(root)
    with optbench_style():
        shown = [panel for panel in PANELS if len(_of(own, panel.benchmark))]
        figure = _figure(len(shown))
        for ax, panel in zip(figure.subplots(len(shown), squeeze=False).flat, shown, strict=True):
            calibrated = _of(own, panel.calibrated) if panel.calibrated else None
            found = series(_of(own, panel.benchmark), order, panel.timed, calibrated)
            _draw(ax, panel, found, root, subjects)
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside right upper")
        _save(figure, out)
    here = (
        f"{own['commit'].nunique()} commits on {asked.machine}, {own['optimizer'].nunique()}"
        " optimizers"
    )
    rest = not_drawn(asked, root, order)
    return out, here + (f"; not drawn: {', '.join(rest)}" if rest else "")


def _file(out: Path | None, root: Path) -> Path:
    if out is None:
        return Path(os.path.relpath(root / OUT))
    if out.is_dir():
        return out / "history.png"
    return out if out.suffix else out.with_suffix(".png")


def _broken_plugin() -> list[str]:
    """Which installed plugin can't be loaded: the figure needs colours of it alone."""
    try:
        discover()
    except InputError as error:
        return [str(error)]
    return []


def _print(notes: Sequence[str]) -> None:
    screen = open_console(stderr=True)
    more = [f"and {len(notes) - NOTES} more like these"] if len(notes) > NOTES else []
    for line in [*notes[:NOTES], *more]:
        screen.print(f"optbench: {line}", markup=False, highlight=False, soft_wrap=True)


def _of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """One benchmark's values by problem and optimizer, as the classes Convergence and Speed have
    them.
    """
    own = (
        frame["benchmark"].str.endswith(f".{name}")
        & (frame["problem"] != "")
        & (frame["optimizer"] != "")
    )
    # the axis is logarithmic; what is tracked is positive
    return frame[own & (frame["value"] > 0)]


def _figure(panels: int) -> "Figure":
    # after bench/plots, which sees to it that matplotlib loads whatever backend the environment
    # names
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 4.4 * panels))
    FigureCanvasAgg(figure)
    return figure


def _draw(ax: "Axes", panel: Panel, found: Series, root: Path, subjects: dict[str, str]) -> None:
    """One panel: the lines, a letter at each commit that changed one, and their key below."""
    all_changes = changes(found, panel.factor)
    largest = sorted(
        all_changes, key=lambda commit: -max(change.size for change in all_changes[commit])
    )[:MARKED]
    letters = dict(
        zip([c for c in found.lines.index if c in largest], string.ascii_uppercase, strict=False)
    )
    history_curves(found.lines, ax, letters)
    ax.set_ylabel(f"{panel.meaning}, first commit = 1")
    ax.set_title(f"{panel.meaning}: geometric mean over problems", loc="left", pad=14)
    measured = list(found.lines.index)
    lines = []
    for commit, letter in letters.items():
        before = measured[measured.index(commit) - 1]
        line = (
            f"{letter}  {_named(commit, before, root, subjects)}: {_summary(all_changes[commit])}"
        )
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=5 * " ", break_on_hyphens=False)
    ax.set_xlabel("\n".join(lines) if lines else "no commit changed it", loc="left", fontsize=7.5)


def _named(commit: str, before: str, root: Path, subjects: dict[str, str]) -> str:
    """The commit and its subject; where it brought others since the one measured before, how many
    it may have been.
    """
    between = repository.ahead(
        root, repository.Commit(commit, commit), repository.Commit(before, before)
    )
    subject = (
        subjects[commit]
        if len(subjects[commit]) <= SUBJECT
        else f"{subjects[commit][: SUBJECT - 1]}…"
    )
    return (
        f"{commit[:7]} {subject}"
        if between == 1
        else f"one of {between} commits up to {commit[:7]} {subject}"
    )


def _summary(changed: Sequence[Change]) -> str:
    """Which optimizers' lines step, and how far; where not all of their cases changed, how many did
    and which most.
    """
    most = max(changed, key=lambda change: abs(math.log(change.most_ratio)))
    # a space that no line ends at
    partly = (
        f", most {most.most} ×\N{NO-BREAK SPACE}{most.most_ratio:.2g}"
        if most.changed < most.cases
        else ""
    )
    if len(changed) > 2:
        ratios = [change.ratio for change in changed]
        return f"{len(changed)} optimizers × {min(ratios):.2f} to {max(ratios):.2f}{partly}"
    parts = [
        f"{change.optimizer} × {change.ratio:.2f}"
        + (f" ({change.changed} of {change.cases} cases)" if change.changed < change.cases else "")
        for change in changed
    ]
    return ", ".join(parts) + partly


def _save(figure: "Figure", out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(out)
    except OSError as error:
        raise InputError(f"the figure {str(out)!r} can't be written: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"the figure {str(out)!r} can't be written: {error}") from error
