"""The figures of a sweep as files: one panel a problem, one legend, drawn without a screen."""

import importlib
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from ...kernels.grammar import InputError
from ...problems.problem import Problem
from ..plugins import figures
from ..runs.results import Results
from .landscape import landscape
from .style import new_figure, optbench_style

if TYPE_CHECKING:  # loaded by .plots, whatever MPLBACKEND says
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
MOST = 10
"""Optimizers in one figure: beyond it, those that stand first in the leaderboard."""


def draw(results: Results, folder: str | Path, names: list[str] | None = None) -> Iterator[Path]:
    """Draw the named figures (default: all that the results allow) as PNG files, and yield each
    path when written.

    Raises InputError where the folder can't be written or a name is no figure's.
    """
    target = Path(folder)
    ran = results.runs[results.runs["status"] != "failed"]
    known = list(dict.fromkeys(ran["problem"].astype(str)))
    for name in names or figures.found():
        figure = load(name)
        problems = [problem for problem in known if figure.fits(problem)]
        if not problems:
            continue
        with optbench_style():
            file = target / f"{name}.png"
            _save(_panels(figure.draw, results, problems), file)
        yield file


def load(name: str) -> ModuleType:
    """The module of a figure, which has `fits` and `draw` (see optbench.bench.plots). Raises
    InputError where the name is no figure's.
    """
    known = figures.found()
    if name not in known:
        raise InputError(f"unknown figure {name!r}; there are {', '.join(known)}")
    return importlib.import_module(known[name].module)


def draw_landscape(problem: Problem, folder: str | Path) -> Path:
    """Draw the problem's landscape as a PNG file named after it, and return its path. Raises
    InputError where the folder can't be written.
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
