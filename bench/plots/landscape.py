"""Landscape: a problem's gap over its two coordinates, or in a plane through its start and its
minimum.
"""

import numpy as np
from matplotlib.axes import Axes

from ...problems.problem import Problem
from .contours import MINIMUM, START, contours, frame
from .style import axes

SEEDS = range(1, 20)
"""Whose starts are drawn as dots."""


def landscape(problem: Problem, ax: Axes | None = None) -> Axes:
    """Draw log10 of the gap with the starts (seed 0 a circle, further ones dots) and the minimizers
    (stars).

    In more than two dimensions: the plane through the start of seed 0 and the first minimizer (else
    one gradient step from the start), and across it a fixed random direction.
    """
    ax = axes(ax)
    start = problem.start(0)
    if problem.dim == 2:
        starts = problem.starts(SEEDS)
        marked = starts.T
        minimizers = np.zeros((0, 2)) if problem.minimizers is None else problem.minimizers
        xs, ys = frame(_square(np.vstack([start[None], marked, minimizers])))
        filled = contours(ax, problem, xs, ys)
        ax.plot(*marked.T, ".", color="black", markersize=4, linestyle="", label="further starts")
        ax.plot(*start, **START, label="start of seed 0")
        inside = minimizers
        ax.set(xlabel="x[0]", ylabel="x[1]")
    else:
        origin, along, goal = _plane(problem, start)
        inside = np.array([[1.0, 0.0]]) if problem.minimizers is not None else np.zeros((0, 2))
        xs, ys = frame(np.array([[-0.4, -0.9], [1.6, 0.9]]))
        filled = contours(ax, problem, xs, ys, origin, along)
        ax.plot(0.0, 0.0, **START, label="start of seed 0")
        ax.set(xlabel=f"from the start (0) to the {goal} (1)", ylabel="across, in the same units")
    if len(inside):
        ax.plot(*inside.T, **MINIMUM, label="minimum")
    name = "loss − f*" if problem.minimum is not None else "loss − its least here"
    if ax.figure is not None:
        ax.figure.colorbar(filled, ax=ax, label=f"log10 ({name})")
    ax.set_title(problem.name)
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, -0.14), ncols=3, frameon=False)
    return ax


def _square(points: np.ndarray) -> np.ndarray:
    """The points and corners that keep the narrower side at least 0.8 times the wider one."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, least = (low + high) / 2, 0.4 * max((high - low).max(), 1e-6)
    half = np.maximum((high - low) / 2, least)
    return np.vstack([points, middle - half, middle + half])


def _plane(problem: Problem, start: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Origin (n,), two directions of equal length (2, n), and what the first leads to."""
    goal = "minimum" if problem.minimizers is not None else "point a gradient step away"
    first = (
        -problem.value_and_grad(start)[1]
        if problem.minimizers is None
        else problem.minimizers[0] - start
    )
    if problem.minimizers is None:
        first *= (np.linalg.norm(start) or 1.0) / max(np.linalg.norm(first), 1e-300)
    across = np.random.default_rng(0).normal(size=problem.dim)
    across -= first * (across @ first) / max(first @ first, 1e-300)
    across *= np.linalg.norm(first) / max(np.linalg.norm(across), 1e-300)
    return start, np.stack([first, across]), goal
