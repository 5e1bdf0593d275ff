"""The figures of a sweep as files: one panel a problem, one legend, drawn without a screen."""

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ...kernels.grammar import InputError
from ...problems.problem import Problem
from ..plugins.discovery import get_problem
from ..runs.results import Results
from .curves import loss_curves
from .landscape import landscape
from .paths import paths
from .sensitivity import lr_sensitivity
from .style import new_figure, optbench_style

if TYPE_CHECKING:  # loaded by .plots, whatever MPLBACKEND says
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURES: "dict[str, Callable[..., Axes]]" = {
    "curves": loss_curves,
    "sensitivity": lr_sensitivity,
    "paths": paths,
}
COLUMNS = 3
MOST = 10
"""Optimizers in one figure: beyond it, those that stand first in the leaderboard."""


def draw(results: Results, folder: str | Path, names: list[str] | None = None) -> Iterator[Path]:
    """Draw the named figures (default: all that the results allow) as PNG files, and yield each
    path when written.

    Raises InputError where the folder can't be written.
    """
    target = Path(folder)
    ran = results.runs[results.runs["status"] != "failed"]
    known = list(dict.fromkeys(ran["problem"].astype(str)))
    for name in names or list(FIGURES):
        problems = [p for p in known if _is_plane(p)] if name == "paths" else known
        if not problems:
            continue
        with optbench_style():
            figure = _panels(FIGURES[name], results, problems)
            file = target / f"{name}.png"
            _save(figure, file)
        yield file


def draw_landscape(problem: Problem, folder: str | Path) -> Path:
    """Draw the problem's landscape as a PNG file named after it, and return its path. Raises
    InputError likewise.
    """
    file = (
        Path(folder) / f"landscape-{re.sub('[^A-Za-z0-9_.=-]+', '-', problem.name).strip('-')}.png"
    )
    with optbench_style():
        figure = new_figure(6.4, 5.0)
        landscape(problem, figure.subplots())
        _save(figure, file)
    return file


def _save(figure: "Figure", file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file)
    except OSError as error:
        raise InputError(f"the figure {str(file)!r} can't be written: {error.strerror}") from error


def _is_plane(name: str) -> bool:
    """Whether the problem has two dimensions; one whose plugin is gone can't be drawn over its
    contours.
    """
    try:
        return get_problem(name).dim == 2
    except InputError:
        return False


def leading(results: Results) -> Results:
    """The runs of the MOST optimizers that lead these results; all where there are no more."""
    labelled = results.labelled
    if labelled["label"].nunique() <= MOST:
        return results
    shown = results.board.table["optimizer"].head(MOST)
    return Results([results.table.filter(labelled["label"].isin(shown).tolist())])


def _panels(draw_one: "Callable[..., Axes]", results: Results, problems: list[str]) -> "Figure":
    columns = min(COLUMNS, len(problems))
    rows = math.ceil(len(problems) / columns)
    width, height = (4.4, 3.3) if len(problems) > 1 else (6.4, 4.6)
    figure = new_figure(width * columns + 1.4, height * rows)
    grid = figure.subplots(rows, columns, squeeze=False)
    legends: dict[str, Artist] = {}
    for problem, ax in zip(problems, grid.flat, strict=False):
        draw_one(results, ax=ax, problem=problem)
        handles, labels = ax.get_legend_handles_labels()
        # the learning rate differs from panel to panel: the shared legend names the optimizer alone
        legends.update(
            {label.split(", lr ")[0]: handle for handle, label in zip(handles, labels, strict=True)}
        )
    for ax in list(grid.flat)[len(problems) :]:
        ax.set_axis_off()
    figure.legend(list(legends.values()), list(legends), loc="outside right upper")
    return figure
