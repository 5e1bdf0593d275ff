"""What all figures share: the style file, and one colour and line an optimizer, the same in every
figure.
"""

from contextlib import contextmanager
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ...kernels import registry as optimizers
from ...kernels.grammar import InputError
from ..plugins.discovery import COMMON, list_optimizers

# Okabe & Ito (2008), "Color Universal Design": told apart by all kinds of colour vision; yellow
# darkened for white paper
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#A89F1B")
DASHES = (
    "-",
    "--",
    "-.",
    ":",
    (0, (6, 1)),
    (0, (1, 3)),
    (0, (4, 1, 1, 1, 1, 1)),
    (0, (9, 3)),
    (0, (2, 1)),
    (0, (8, 2, 2, 2)),
    (0, (3, 4)),
    (0, (5, 1, 2, 1)),
)
MARKERS = ("s", "^", "D", "v", "P", "X")
_variants: dict[str, list[str]] = {}
"""Variants of an optimizer in the order in which they were first drawn."""


@contextmanager
def optbench_style():
    """Draw with optbench's style file, leaving the host's settings alone."""
    with matplotlib.rc_context(fname=str(Path(__file__).with_name("optbench.mplstyle"))):
        yield


def look(optimizer: str) -> dict:
    """Colour and dashes of an optimizer, by its place among all, the common ones first; variants
    have a marker besides.
    """
    family = optimizer.split("[")[0].split(" ")[0]
    names = [*COMMON, *(name for name in _known() if name not in COMMON)]
    place = names.index(family) if family in names else sum(family.encode())
    line = {
        "color": COLOURS[place % len(COLOURS)],
        "linestyle": DASHES[place // len(COLOURS) % len(DASHES)],
    }
    if optimizer == family:
        return line
    variants = _variants.setdefault(family, [])
    if optimizer not in variants:
        variants.append(optimizer)
    return {
        **line,
        "marker": MARKERS[variants.index(optimizer) % len(MARKERS)],
        "markevery": 0.13,
        "markersize": 4,
    }


def _known() -> list[str]:
    """The optimizers' names; where a plugin can't be loaded, those that are: a figure of stored
    numbers needs no rule.
    """
    try:
        return list_optimizers()
    except InputError:
        return list(optimizers.registered())


def axes(ax: Axes | None) -> Axes:
    """The Axes to draw on: the one given, or that of a new figure, pyplot's where it can be, so
    that notebooks show it.
    """
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt

        return plt.subplots(figsize=(6.4, 4.2))[1]
    except (ImportError, ValueError):  # MPLBACKEND names a backend that can't be had here
        return new_figure(6.4, 4.2).subplots()


def new_figure(width: float, height: float) -> Figure:
    """A figure of so many inches that needs no screen and is in no global state."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def log_floor(values: np.ndarray, floor: float) -> np.ndarray:
    """Values for a log axis: no smaller than `floor`, non-finite ones left out as NaN."""
    return np.where(np.isfinite(values), np.maximum(values, floor), np.nan)
