"""The figures of a sweep as files: one panel a problem, one legend, drawn without a screen."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402

from ..kernels.grammar import InputError  # noqa: E402
from .plots.curves import loss_curves  # noqa: E402
from .plots.paths import paths  # noqa: E402
from .plots.sensitivity import lr_sensitivity  # noqa: E402
from .plots.style import optbench_style  # noqa: E402
from .plugins import get_problem  # noqa: E402
from .results import Results  # noqa: E402

FIGURES: dict[str, Callable[..., Axes]] = {"curves": loss_curves, "sensitivity": lr_sensitivity, "paths": paths}
COLUMNS = 3


def draw(results: Results, folder: str | Path, names: list[str] | None = None) -> Iterator[Path]:
    """Draw the named figures (default: all that the results allow) as PNG files, and yield each path when written.

    Raises InputError where the folder can't be written.
    """
    target = Path(folder)
    known = list(dict.fromkeys(results.runs["problem"].astype(str)))
    for name in names or list(FIGURES):
        problems = [p for p in known if get_problem(p).dim == 2] if name == "paths" else known
        if not problems:
            continue
        with optbench_style():
            figure = _panels(FIGURES[name], results, problems)
            file = target / f"{name}.png"
            try:
                target.mkdir(parents=True, exist_ok=True)
                figure.savefig(file)
            except OSError as error:
                raise InputError(f"the figure {str(file)!r} can't be written: {error.strerror}") from error
            finally:
                plt.close(figure)
        yield file


def _panels(draw_one: Callable[..., Axes], results: Results, problems: list[str]):
    columns = min(COLUMNS, len(problems))
    rows = math.ceil(len(problems) / columns)
    width, height = (4.4, 3.3) if len(problems) > 1 else (6.4, 4.6)
    figure, grid = plt.subplots(rows, columns, figsize=(width * columns + 1.4, height * rows), squeeze=False)
    legends: dict[str, object] = {}
    for problem, ax in zip(problems, grid.flat, strict=False):
        draw_one(results, ax=ax, problem=problem)
        handles, labels = ax.get_legend_handles_labels()
        # the learning rate differs from panel to panel: the shared legend names the optimizer alone
        legends.update({label.split(", lr ")[0]: handle for handle, label in zip(handles, labels, strict=True)})
    for ax in list(grid.flat)[len(problems) :]:
        ax.set_axis_off()
    figure.legend(list(legends.values()), list(legends), loc="outside right upper")
    return figure
