"""Learning-rate sensitivity: the final gap against the learning rate, one line an optimizer,
diverged runs marked.
"""

import numpy as np
from matplotlib.axes import Axes

from ..measures.quantiles import quantiles
from ..runs.results import Results
from .style import axes, log_floor, looks

NAME = "sensitivity"
PLACE = 20


def fits(problem: str) -> bool:
    """Learning rates of every problem can be drawn."""
    return True


def draw(results: Results, ax: Axes | None = None, problem: str | None = None) -> Axes:
    """Draw the median final gap over seeds (final loss where f* is unknown) against lr; quartiles
    as a band.

    A cross at the top marks a learning rate at which at least half of the seeds diverged. `problem`
    defaults to the results' first.
    """
    ax = axes(ax)
    ax.set(xscale="log", yscale="log")  # before the data: there may be none that is finite
    runs = results.labelled
    problem = problem or str(runs["problem"].iloc[0])
    runs = runs[(runs["problem"] == problem) & runs["lr"].notna()]
    gaps = runs["gap"].notna().any()
    level = runs["gap"] if gaps else runs["final_loss"]
    runs = runs.assign(level=np.where(runs["status"].isin(["diverged", "failed"]), np.inf, level))
    floor = 4 * np.finfo(float).eps
    if len(runs):
        ax.set_xlim(runs["lr"].min() / 2, runs["lr"].max() * 2)
    styles, rows_of_crosses = looks(results.labelled["label"]), 0
    for name, own in runs.groupby("label"):
        levels = {
            lr: quantiles(of_lr, [0.25, 0.5, 0.75]) for lr, of_lr in own.groupby("lr")["level"]
        }
        lrs = np.array(list(levels))
        low, middle, high = np.array(list(levels.values())).T
        line = styles[str(name)]
        marked = {"marker": "o", **line, "markevery": 1}
        ax.plot(lrs, log_floor(middle, floor), label=str(name), **marked)
        ax.fill_between(
            lrs,
            log_floor(low, floor),
            log_floor(high, floor),
            color=line["color"],
            alpha=0.12,
            lw=0,
        )
        lost = lrs[~np.isfinite(middle)]
        if not lost.size:
            continue
        # one row an optimizer, so that none hides another; not part of the layout, which has no
        # height for them
        height = np.full(len(lost), 0.99 - 0.03 * rows_of_crosses)
        (crosses,) = ax.plot(
            lost, height, "x", color=line["color"], transform=ax.get_xaxis_transform()
        )
        crosses.set_in_layout(False)
        rows_of_crosses += 1
    ax.set(xlabel="learning rate (× = diverged)", title=problem)
    ax.set_ylabel("final loss − f*" if gaps else "final loss")
    return ax
