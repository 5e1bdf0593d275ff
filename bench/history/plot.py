"""The figure of a history: wall time and convergence of every optimizer across commits, and who changed them."""

import string
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ...kernels.grammar import InputError
from ..plots.history import history_curves
from ..plots.style import optbench_style
from . import commits, record

PANELS = (
    ("track_step_time", "time of a step", 1.10),
    ("track_steps_to_target", "steps to target", 1.02),
)
"""Benchmark, what it means, and the factor from which a step of the line is told as a change."""
MARKED = 8
"""Changes told under a panel: the largest."""


def plot(out: Path, machine: str | None, problems: Sequence[str] | None, optimizers: Sequence[str] | None) -> tuple[Path, str]:
    """Draw the history of this repository into a file; return it and a line that says what it shows.

    out : its suffix says which of matplotlib's formats, none PNG; a folder gets a history.png.

    Raises InputError where nothing of what is asked was measured, or the file can't be written.
    """
    root = commits.repository()
    if out.is_dir():
        out /= "history.png"
    elif not out.suffix:
        out = out.with_suffix(".png")
    frame = record.read(root)
    for axis, asked in (("machine", [machine] if machine else None), ("problem", problems), ("optimizer", optimizers)):
        if asked:
            missing = sorted(set(asked) - set(frame[axis]))
            if missing:
                raise InputError(
                    f"no value has the {axis} {missing[0]!r}; there are {', '.join(sorted(set(frame[axis]) - {''}))}"
                )
            frame = frame[frame[axis].isin(asked)]
    subjects = commits.subjects(root)
    frame = frame[frame["commit"].isin(list(subjects))]
    if frame.empty:
        raise InputError("nothing was measured in commits of this repository's history")
    measured = [
        (str(name), own["commit"].nunique()) for name, own in frame.groupby(frame["machine"] + "\n" + frame["environment"])
    ]
    frame = _alike(frame)
    shown = [panel for panel in PANELS if _of(frame, panel[0]).size]
    if not shown:
        raise InputError("neither step times nor steps to target were measured in commits of this repository")
    order = list(subjects)
    with optbench_style():
        figure = Figure(figsize=(9.0, 4.4 * len(shown)))
        FigureCanvasAgg(figure)
        for ax, (name, meaning, factor) in zip(figure.subplots(len(shown), squeeze=False).flat, shown, strict=True):
            index = record.chained(_of(frame, name), order)
            found = changes(index, factor)
            letters = dict(zip(found, string.ascii_uppercase, strict=False))
            history_curves(index, ax, letters)
            ax.set_ylabel(f"{meaning}, first commit = 1")
            ax.set_title(f"{meaning}: geometric mean over problems", loc="left", pad=14)
            told = [f"{letter}  {_told(commit, index, order, subjects)}: {found[commit]}" for commit, letter in letters.items()]
            ax.set_xlabel("\n".join(told) if told else "no commit changed it", loc="left", fontsize=7.5)
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside right upper")
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(out)
        except OSError as error:
            raise InputError(f"the figure {str(out)!r} can't be written: {error.strerror}") from error
        except ValueError as error:
            raise InputError(f"the figure {str(out)!r} can't be written: {error}") from error
    machine, environment = frame["machine"].iloc[0], frame["environment"].iloc[0]
    told = f"{frame['commit'].nunique()} commits on {machine}, {len(set(frame['optimizer']) - {''})} optimizers"
    others = [f"{count} on {name.split()[0]}" for name, count in measured if name != f"{machine}\n{environment}"]
    # numbers of another machine or environment aren't comparable with these
    return out, told + (f"; not drawn: {', '.join(others)} (--machine)" if others else "")


def _of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """One benchmark's values by problem and optimizer: the classes Convergence and Speed have them."""
    return frame[frame["benchmark"].str.endswith(f".{name}") & (frame["problem"] != "") & (frame["optimizer"] != "")]


def _alike(frame: pd.DataFrame) -> pd.DataFrame:
    """The machine and environment with most commits: numbers of others aren't comparable with theirs."""
    return max((own for _, own in frame.groupby(["machine", "environment"])), key=lambda own: own["commit"].nunique())


def changes(index: pd.DataFrame, factor: float) -> dict[str, str]:
    """{commit: which optimizers' lines step there by more than `factor`, and how far}: the MARKED largest, in order."""
    ratios = index / index.ffill().shift(1)
    sizes = pd.concat([ratios, 1 / ratios]).groupby(level=0).max().max(axis=1).reindex(index.index)
    found = {}
    for commit in [c for c in index.index if c in set(sizes[sizes > factor].nlargest(MARKED).index)]:
        own = ratios.loc[commit].dropna()
        own = own[(own > factor) | (own < 1 / factor)]
        if len(own) > 3:
            found[commit] = f"{len(own)} optimizers × {own.min():.2f} to {own.max():.2f}"
        else:
            found[commit] = ", ".join(f"{name} × {ratio:.2f}" for name, ratio in own.items())
    return found


def _told(commit: str, index: pd.DataFrame, order: list[str], subjects: dict[str, str]) -> str:
    """The commit and its subject; where others lie between it and the one measured before, how many it may have been."""
    before = index.index[list(index.index).index(commit) - 1]
    between = order.index(commit) - order.index(before)
    subject = subjects[commit] if len(subjects[commit]) <= 60 else f"{subjects[commit][:59]}…"
    return f"{commit[:7]} {subject}" if between == 1 else f"one of {between} commits up to {commit[:7]} {subject}"
