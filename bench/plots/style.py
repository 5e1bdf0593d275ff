"""What all figures share: the style file, and one colour and line an optimizer, the same in every
figure.
"""

import zlib
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ...kernels import registry as optimizers
from ...kernels.grammar import InputError
from ...kernels.known_modules import is_builtin
from ..plugins.discovery import COMMON, list_optimizers

# Okabe & Ito (2008), "Color Universal Design": distinct for all kinds of colour vision; yellow
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
MARKERS = ("s", "^", "D", "v", "P", "X", "<", ">", "*")
FILLS = ("full", "none")
MARKS = [(marker, fill) for fill in FILLS for marker in MARKERS]
"""Marker and filling, one pair for each variant of an optimizer."""


@contextmanager
def optbench_style():
    """Draw with optbench's style file, leaving the host's settings alone."""
    with matplotlib.rc_context(fname=str(Path(__file__).with_name("optbench.mplstyle"))):
        yield


def look(optimizer: str) -> dict:
    """Colour and dashes of an optimizer, by its place among all; a variant has a marker besides.

    They depend on the name alone, so that they are the same in every figure of every command.
    """
    return _line(*_place(optimizer), _in_order())


def looks(optimizers: Iterable[str]) -> dict[str, dict]:
    """The look of each optimizer of one figure, by its name.

    Where two variants of one optimizer have the same look, the first of them in the alphabet keeps
    it. The other one gets the next marker that is free in this figure.
    """
    places: dict[str, tuple[str, int | None]] = {}
    alike = []
    for name in sorted(set(optimizers)):
        if _place(name) in places.values():
            alike.append(name)
        else:
            places[name] = _place(name)
    for name in alike:
        family, own = _place(name)
        after = [(family, (own + k) % len(MARKS)) for k in range(len(MARKS)) if own is not None]
        places[name] = next((spot for spot in after if spot not in places.values()), (family, own))
    order = _in_order()
    return {name: _line(*spot, order) for name, spot in places.items()}


def _place(optimizer: str) -> tuple[str, int | None]:
    """The optimizer without settings, and which of MARKS its settings have; None without any."""
    family = optimizer.split("[")[0].split(" ")[0]
    return family, None if optimizer == family else zlib.crc32(optimizer.encode()) % len(MARKS)


def _line(family: str, mark: int | None, order: list[str]) -> dict:
    place = order.index(family) if family in order else sum(family.encode())
    line = {
        "color": COLOURS[place % len(COLOURS)],
        "linestyle": DASHES[place // len(COLOURS) % len(DASHES)],
    }
    if mark is None:
        return line
    marker, fill = MARKS[mark]
    return {**line, "marker": marker, "fillstyle": fill, "markevery": 0.13, "markersize": 4}


def _in_order() -> list[str]:
    """The names of all optimizers, whose places decide the colours: the common ones, then ours,
    then those of plugins, so that a plugin changes no other optimizer's look.

    Where a plugin can't be loaded, those that are: a figure of stored numbers needs no rule.
    """
    try:
        names = list_optimizers()
    except InputError:
        names = list(optimizers.registered())
    rules = optimizers.registered()
    further = sorted(
        set(names) - set(COMMON), key=lambda name: (not is_builtin(rules[name].owner), name)
    )
    return [*COMMON, *further]


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
