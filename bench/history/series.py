"""From values to series: one line an optimizer across commits, and the commits at which it steps.

A step is the geometric mean of a commit's ratios to the commit measured before, over all cases of
an optimizer. Times are noisy: a case's time counts as changed only where the 99 % intervals of its
samples, before and after, don't meet.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

CASE = ["optimizer", "problem", "lr"]
"""What a value is of, beside its commit."""


class Series(NamedTuple):
    """Of one measure: rows are commits in order.

    lines : a column an optimizer, 1 at its first commit, then times the mean ratio of each; NaN
    where it has no value.
    ratios : a column a case, of CASE; natural logarithms of its ratio to its value before, NaN
    where it has none before.
    changed : of the same shape; whether the intervals of the case's samples don't meet.
    """

    lines: pd.DataFrame
    ratios: pd.DataFrame
    changed: pd.DataFrame


class Change(NamedTuple):
    """What a commit did to an optimizer: the mean ratio of all its cases, and how many of them
    changed.

    size : the mean ratio of those, each up; what didn't change counts as 1.  most : the problem,
    and learning rate, that changed most, by most_ratio.
    """

    optimizer: str
    ratio: float
    changed: int
    cases: int
    size: float
    most: str
    most_ratio: float


def series(
    frame: pd.DataFrame, order: Sequence[str], timed: bool, calibrated: pd.DataFrame | None = None
) -> Series:
    """The series of a measure on one machine in one environment.

    frame : commit, optimizer, problem, lr, value > 0, low, high; a row a value.
    order : the commits, oldest first; others are left out.
    timed : a value without an interval is uncertain, else it is exact.
    calibrated : the same measure in units of a calibration loop timed beside it; where two
    neighbours have it, their ratio is taken of it.
    """
    commits = [commit for commit in order if commit in set(frame["commit"])]
    ratios, changed = _steps(frame, commits, timed)
    if calibrated is not None and len(calibrated):
        own, own_changed = _steps(calibrated, commits, timed)
        # of a case whose neighbour before was measured without calibration, the plain ratio is
        # taken
        plain, beside = (_table(which, "value", commits).notna() for which in (frame, calibrated))
        beside = beside.reindex_like(plain).fillna(False).astype(bool)
        before = beside.where(plain).ffill().shift(1).fillna(False).astype(bool)
        usable = (beside & before).reindex_like(ratios)
        ratios = ratios.mask(usable, own.reindex_like(ratios))
        changed = changed.mask(usable, own_changed.reindex_like(changed).fillna(False)).astype(bool)
    lines = {}
    measured = _table(frame, "value", commits).notna()
    for optimizer in sorted(set(frame["optimizer"])):
        there = measured[optimizer].any(axis=1)
        lines[optimizer] = np.exp(ratios[optimizer].mean(axis=1).fillna(0.0).cumsum().where(there))
    return Series(pd.DataFrame(lines), ratios, changed)


def changes(found: Series, factor: float) -> dict[str, list[Change]]:
    """{commit: what it changed}, those whose cases changed by more than `factor`, the geometric
    mean over an optimizer.

    A case whose intervals meet counts as unchanged. Ups and downs of different cases don't cancel.
    """
    sizes = found.ratios.abs().where(found.changed, 0.0).where(found.ratios.notna())
    result: dict[str, list[Change]] = {}
    for commit in found.lines.index:
        for optimizer in found.lines.columns:
            own = sizes[optimizer].loc[commit].dropna()
            size = float(np.exp(own.mean())) if len(own) else 1.0
            if size > factor:
                logs = found.ratios[optimizer].loc[commit]
                problem, lr = own.idxmax()
                most = f"{problem} at lr\N{NO-BREAK SPACE}{lr}" if lr else str(problem)
                change = Change(
                    optimizer=optimizer,
                    ratio=float(np.exp(logs.mean())),
                    changed=int((own > 0).sum()),
                    cases=len(own),
                    size=size,
                    most=most,
                    most_ratio=float(np.exp(logs[problem, lr])),
                )
                result.setdefault(commit, []).append(change)
    return result


def _table(frame: pd.DataFrame, column: str, commits: Sequence[str]) -> pd.DataFrame:
    """A row a commit, a column a case."""
    return frame.pivot_table(index="commit", columns=CASE, values=column, aggfunc="first").reindex(
        list(commits)
    )


def _steps(
    frame: pd.DataFrame, commits: Sequence[str], timed: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The logarithms of each case's ratio to the value before, and whether the intervals of the two
    don't meet.

    Where a case has no value, the one before stands for it: its change is seen when it is back.
    """
    # an interval that isn't known is as wide as can be for a time, and none for what has the same
    # bits each time
    ends = (-np.inf, np.inf) if timed else (frame["value"], frame["value"])
    frame = frame.assign(low=frame["low"].fillna(ends[0]), high=frame["high"].fillna(ends[1]))
    value, low, high = (_table(frame, column, commits) for column in ("value", "low", "high"))
    before, before_low, before_high = (table.ffill().shift(1) for table in (value, low, high))
    ratios = pd.DataFrame(
        np.log(value.to_numpy() / before.to_numpy()), index=value.index, columns=value.columns
    )
    return ratios, (low > before_high) | (high < before_low)
