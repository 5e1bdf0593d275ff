"""An index of every optimizer across commits: where a line steps, a commit changed it."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .style import axes, looks


def history_curves(
    index: pd.DataFrame, ax: Axes | None = None, marks: Mapping[str, str] | None = None
) -> Axes:
    """Draw an index (rows: commits in order, columns: optimizers, 1 at the first commit), one line
    an optimizer.

    marks : a letter for each commit that changed an optimizer, drawn at the top of a line through
    it.
    """
    ax = axes(ax)
    places, styles = np.arange(len(index)), looks(map(str, index.columns))
    for name in index.columns:
        ax.plot(
            places,
            index[name],
            label=str(name),
            **{"marker": "o", **styles[str(name)], "markevery": 1, "alpha": 0.85},
        )
    for commit, letter in (marks or {}).items():
        place = list(index.index).index(commit)
        ax.axvline(place, color="0.6", lw=0.8, ls=(0, (4, 3)), zorder=0)
        ax.annotate(
            letter,
            (place, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontweight="bold",
        )
    ax.set_yscale("log")
    spread = float(np.nanmax(index.to_numpy()) / np.nanmin(index.to_numpy()))
    if spread < 4:
        # the decades of a log axis would leave it without a tick
        ticks: Sequence[float] = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 2.5, 3.0]
        low, high = np.nanmin(index.to_numpy()) / 1.05, np.nanmax(index.to_numpy()) * 1.05
        ax.set_ylim(low, high)
        ax.set_yticks([tick for tick in ticks if low <= tick <= high])
        ax.set_yticks([], minor=True)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.set_xticks(
        places, [str(commit)[:7] for commit in index.index], rotation=60, ha="right", fontsize=7
    )
    return ax
