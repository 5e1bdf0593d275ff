"""What paths and landscapes are drawn over: contours of log10 of the gap in a plane of x."""

import numpy as np
from matplotlib.axes import Axes

from ...problems.problem import Problem

RESOLUTION = 140
"""Points a side."""
_MARK = {"color": "white", "markeredgecolor": "black", "linestyle": ""}
START = {**_MARK, "marker": "o", "markersize": 7}
MINIMUM = {**_MARK, "marker": "*", "markersize": 11}
"""How starts and minima are drawn over them."""


def contours(ax: Axes, problem: Problem, xs: np.ndarray, ys: np.ndarray, origin=None, along=None):
    """Draw the gap (or the loss above its least value, where f* is unknown) at origin + a along[0]
    + b along[1].

    xs, ys : values of a and b.  origin : (n,).  along : (2, n). Without them the problem's own two
    coordinates.
    """
    plane = np.stack([part.ravel() for part in np.meshgrid(xs, ys)])
    points = plane if along is None else np.asarray(origin)[:, None] + np.asarray(along).T @ plane
    losses = problem.values(points).reshape(ys.size, xs.size)
    losses = np.where(np.isfinite(losses), losses, np.nan)
    gap = np.maximum(
        losses - (problem.minimum if problem.minimum is not None else np.nanmin(losses)), 1e-12
    )
    filled = ax.contourf(xs, ys, np.log10(gap), levels=24, cmap="Greys", alpha=0.45)
    ax.contour(
        xs, ys, np.log10(gap), levels=12, colors="#909090", linewidths=0.4, linestyles="solid"
    )
    ax.set(xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]))
    ax.grid(False)
    return filled


def frame(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sides of a rectangle that holds the points (k, 2) with a margin."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.15 * (high - low) + 1e-9
    return tuple(np.linspace(low[i] - margin[i], high[i] + margin[i], RESOLUTION) for i in range(2))  # type: ignore[return-value]
