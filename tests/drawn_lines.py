"""What stands in a drawn figure, and what a reader expects there."""

import numpy as np
import optbench as ob
from matplotlib.colors import to_hex

BOWL = "quadratic[condition=10.0]"


LRS = [1e-4, 1e-3, 1e-2, 0.3]


EPS = float(np.finfo(float).eps)


def lines(ax):
    """The labelled lines of an Axes by the optimizer's name."""
    found = {line.get_label().split(", lr")[0]: line for line in ax.lines}
    return {name: line for name, line in found.items() if not name.startswith("_")}


def crosses(ax):
    """The learning rates marked as diverged, by colour."""
    marks = [line for line in ax.lines if line.get_marker() == "x" and len(line.get_xdata())]
    return {to_hex(line.get_color()): np.asarray(line.get_xdata()).tolist() for line in marks}


def chosen(results, problem, optimizer):
    """The learning rate of an optimizer that a reader expects: least evaluations per solved run,
    else least median gap.
    """
    runs = results.runs[
        (results.runs["problem"] == problem) & (results.runs["optimizer"] == optimizer)
    ]
    costs = {}
    for lr, own in runs.groupby("lr"):
        spent = [
            e if np.isnan(t) else t
            for e, t in zip(
                own["evaluations"], own["evaluations_to_target"].astype(float), strict=True
            )
        ]
        solved = own["evaluations_to_target"].notna().sum()
        costs[lr] = (sum(spent) / solved if solved else np.inf, own["gap"].median())
    return min(costs, key=costs.get)


def gaps_at(results, problem, optimizer, lr, steps):
    """The gap of every seed at `steps`, (seeds, steps): an ended run stays where it was, a diverged
    one is lost.
    """
    minimum = ob.get_problem(problem).minimum
    keys = {"problem": problem, "optimizer": optimizer, "lr": lr}
    runs, curves = (
        frame[np.logical_and.reduce([frame[key] == value for key, value in keys.items()])]
        for frame in (results.runs, results.curves)
    )
    found = []
    for row in runs.itertuples():
        own = curves[curves["seed"] == row.seed].set_index("step")["loss"]
        gaps = [own[own.index <= step].iloc[-1] - minimum for step in steps]
        found.append(
            [
                np.inf if row.status == "diverged" and step >= row.steps else gap
                for step, gap in zip(steps, gaps, strict=True)
            ]
        )
    return np.array(found)


def shown(gaps):
    """Values as they stand on a log axis: no smaller than float64 can tell from f*, lost ones left
    out.
    """
    return np.where(np.isfinite(gaps), np.maximum(gaps, 4 * EPS), np.nan)
