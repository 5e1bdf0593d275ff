"""Loss curves: each optimizer at its best learning rate, median and quartile band over seeds, log
axes.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..measures.costs import best_lrs
from ..measures.quantiles import quantiles
from ..runs.results import Results
from .style import axes, log_floor, looks

NAME = "curves"
PLACE = 10


def fits(problem: str) -> bool:
    """Losses of every problem can be drawn."""
    return True


def carried(curve: pd.DataFrame, steps: np.ndarray, status: str, minimum: float) -> np.ndarray:
    """A run's gap at `steps`: after its end its last value if it solved, +inf if it diverged."""
    place = np.searchsorted(curve["step"], steps, side="right") - 1
    loss = curve["loss"].to_numpy()[place]
    if status == "diverged":
        loss = np.where(steps >= curve["step"].iloc[-1], np.inf, loss)
    return np.where(np.isnan(loss), np.inf, loss) - minimum


def draw(results: Results, ax: Axes | None = None, problem: str | None = None) -> Axes:
    """Draw gap (or loss, where f* is unknown) against updates. `problem` defaults to the results'
    first.

    Steps are drawn as step + 1 on the log axis, so that the start is seen. Gaps below float64's
    resolution of f* are drawn at it.
    """
    ax = axes(ax)
    ax.set(xscale="log", yscale="log")  # before the data: there may be none that is finite
    runs = results.labelled
    problem = problem or str(runs["problem"].iloc[0])
    runs = runs[runs["problem"] == problem]
    gaps = bool(runs["gap"].notna().any())
    minimum = float(results.table["minimum"][int(runs.index[0])].as_py()) if gaps else 0.0
    floor = 4 * np.finfo(float).eps * max(1.0, abs(minimum)) if gaps else -np.inf
    styles = looks(results.labelled["label"])
    ax.set_xlim(0.9, 1.1 * (1 + max(1, int(runs["steps"].max()))))
    for best in best_lrs(runs).to_dict("records"):
        name, lr = str(best["optimizer"]), float(best["lr"])
        own = runs[
            (runs["label"] == name) & (runs["lr"].isna() if np.isnan(lr) else runs["lr"] == lr)
        ]
        curves = {row: results.curves_of[row] for row in own.index if row in results.curves_of}
        if not curves:
            continue
        steps = np.unique(np.concatenate([curve["step"] for curve in curves.values()]))
        lines = [
            carried(curve, steps, str(own.loc[row, "status"]), minimum)
            for row, curve in curves.items()
        ]
        low, middle, high = quantiles(lines, [0.25, 0.5, 0.75])
        line = styles[name]
        label = name if np.isnan(lr) else f"{name}, lr {lr:g}"
        ax.plot(steps + 1, log_floor(middle, floor), label=label, **line)
        ax.fill_between(
            steps + 1,
            log_floor(low, floor),
            log_floor(high, floor),
            color=line["color"],
            alpha=0.15,
            lw=0,
        )
    ax.set(xlabel="updates + 1", title=problem)
    ax.set_ylabel("loss − f*" if gaps else "loss")
    return ax
