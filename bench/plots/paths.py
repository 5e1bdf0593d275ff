"""Paths: where each optimizer goes on a two-dimensional problem, over the contours of its gap.

Stored runs hold no points, so this figure runs the optimizers again while it is drawn.
"""

import numpy as np
from matplotlib.axes import Axes

from ...kernels.grammar import InputError
from ...kernels.optimizer import Optimizer
from ..measures.costs import best_lrs
from ..plugins.discovery import get_optimizer, get_problem
from ..runs.results import Results
from ..runs.run import run_block
from ..sweep.sweep import Block
from ..terminal.notices import notice
from .contours import MINIMUM, START, contours, frame
from .style import axes, looks

NAME = "paths"
PLACE = 30


def fits(problem: str) -> bool:
    """Whether the problem has two dimensions; one whose plugin is gone can't be run again."""
    try:
        return get_problem(problem).dim == 2
    except InputError:
        return False


def trace(
    problem,
    optimizer,
    lr: float,
    steps: int,
    schedule: str = "constant",
    budget: int = 0,
    dtype: str = "float64",
):
    """The first points (steps + 1, 2) of a run of seed 0, by the loop itself; a path that leaves
    the finite numbers ends.

    budget : the whole run's length, which its schedule depends on; 0 means `steps`.
    """
    length = max(steps, budget)
    block = Block(
        problem=problem,
        optimizer=optimizer,
        schedule=schedule,
        dtype=dtype,
        steps=length,
        lrs=np.array([lr]),
        seeds=np.zeros(1, np.int64),
    )
    points = run_block(block, np.arange(length + 1), points=True).points[: steps + 1, :, 0]
    return points[np.isfinite(points).all(axis=1)]


def draw(
    results: Results, ax: Axes | None = None, problem: str | None = None, steps: int = 1000
) -> Axes:
    """Run each optimizer again at its best learning rate and draw its first `steps` updates, from
    the start of seed 0 (a circle).

    The title has the number of updates of the longest path: a path ends with the budget, or before
    x is no longer finite.

    `problem` must have two dimensions; it defaults to the first of the results that has. Raises
    ValueError if none. An optimizer whose plugin isn't loaded can't be drawn: it is left out, with
    a Notice.
    """
    ax = axes(ax)
    ran = results.runs[results.runs["status"] != "failed"]
    names = [problem] if problem else list(dict.fromkeys(ran["problem"].astype(str)))
    drawable = [found for found in map(get_problem, names) if found.dim == 2]
    if not drawable:
        raise ValueError(f"no two-dimensional problem among {', '.join(names)}")
    shown = drawable[0]
    runs = results.labelled[results.labelled["problem"] == shown.name]
    traces = {}
    for best in best_lrs(runs).to_dict("records"):
        name, lr = str(best["optimizer"]), float(best["lr"])
        run = runs[runs["label"] == name].iloc[0]
        schedule, budget, dtype = str(run["schedule"]), int(run["budget"]), str(run["dtype"])
        rule = _rule(str(run["optimizer"]))
        if rule is None:
            continue
        traces[name] = trace(shown, rule, lr, min(steps, budget), schedule, budget, dtype)
    styles = looks(results.labelled["label"])
    # the frame holds the start, the minimizers and the middle 98 % of every path
    inner = [np.quantile(points, [0.01, 0.99], axis=0) for points in traces.values()]
    held = np.vstack(
        [*inner, shown.start(0)[None], *([] if shown.minimizers is None else [shown.minimizers])]
    )
    contours(ax, shown, *frame(held))
    for name, points in traces.items():
        ax.plot(points[:, 0], points[:, 1], label=name, **{**styles[name], "linewidth": 1.3})
        ax.plot(*points[-1], "o", color=styles[name]["color"], markersize=4)
    ax.plot(*shown.start(0), **START, label="start")
    if shown.minimizers is not None:
        ax.plot(*shown.minimizers.T, **MINIMUM, label="f*")
    ax.set(xlabel="x[0]", ylabel="x[1]")
    made = max((len(points) - 1 for points in traces.values()), default=0)
    ax.set_title(f"{shown.name}, first {made} update{'s' * (made != 1)}")
    return ax


def _rule(name: str) -> Optimizer | None:
    try:
        return get_optimizer(name)
    except InputError:
        notice(f"no path of {name}: its plugin isn't loaded (--plugin)")
        return None
