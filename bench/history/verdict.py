"""Whether two commits' numbers differ: pure functions of numbers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from .suite_values import size

MOVED = {"float64": 1e-9, "float32": 1e-6}
"""A relative change of a fingerprint beyond which arithmetic was changed, and not merely rounded
otherwise.
"""
AMPLIFIED = 10
"""A loss that moves further when lr moves by 1e-14 of itself may move by this many times as much:
it amplifies rounding.
"""
STEPS, GAP = 1.02, 1.01
"""Factors on steps to target and best gap beyond which a moved case counts as better or worse."""


@dataclass(frozen=True)
class Interval:
    """A ratio of times, head over base: the median and the ends of its confidence interval."""

    low: float
    ratio: float
    high: float


def moved(base: Mapping[str, Any], head: Mapping[str, Any], dtype: str = "float64") -> float:
    """The largest relative change among the losses of a fingerprint that moved beyond what each
    may; 0 where none did.

    sizes : of the losses, all positive, seed by seed after 20 updates, then after 100.  nudged :
    how far each moves as lr moves by a few roundings of itself.
    """
    if len(base["sizes"]) != len(head["sizes"]):
        return math.inf
    # base's alone: a commit that makes a rule chaotic doesn't excuse itself. Of all seeds: a case
    # that amplifies rounding does so in one and by chance not in the next
    half = max(1, len(base["nudged"]) // 2)
    amplified = [
        max(base["nudged"][first : first + half]) for first in range(0, len(base["nudged"]), half)
    ]
    return max(
        _beyond(base["sizes"][k : k + half], head["sizes"][k : k + half], most, dtype)
        for k, most in zip(range(0, len(base["sizes"]), half), amplified, strict=True)
    )


def _beyond(base: Sequence[float], head: Sequence[float], nudged: float, dtype: str) -> float:
    """The largest relative change beyond what these positive numbers may move, where a nudge moves
    one by `nudged`.
    """
    most = max(MOVED[dtype], AMPLIFIED * nudged)
    return max((change for change in _changes(base, head) if change > most), default=0.0)


def _changes(base: Sequence[float], head: Sequence[float]) -> list[float]:
    # 0 steps in both: solved at its start
    return [0.0 if b == h else abs(b - h) / max(b, h) for b, h in zip(base, head, strict=True)]


def moved_late(
    base: Sequence[Sequence[float]],
    head: Sequence[Sequence[float]],
    nudged: Sequence[Sequence[Sequence[float]]],
    dtype: str = "float64",
    miss: float = math.inf,
) -> float:
    """The largest relative change of whole runs beyond what they may move; 0 where none did.

    base, head : of each seed (steps to target, best loss, final loss).  nudged : BASE's again, at
    learning rates a few roundings apart: what they do to a seed is let pass in that seed alone.
    miss : the steps of a run that misses.
    """
    seeds = zip(base, head, *nudged, strict=True)
    return max(
        (max(_steps_moved(miss, *runs), _losses_moved(dtype, *runs)) for runs in seeds), default=0.0
    )


def _steps_moved(
    miss: float, before: Sequence[float], after: Sequence[float], *nudged: Sequence[float]
) -> float:
    """The relative change of one seed's steps beyond ten times what nudges do; 0 where there is
    none.

    A nudge that makes a hit a miss, or a miss a hit, says nothing of how many steps a hit may take.
    """
    steps, changed, others = before[0], after[0], [run[0] for run in nudged]
    # a loss that all but meets the target may do so a step earlier
    if abs(steps - changed) <= 1:
        return 0.0
    alike = [other for other in others if (other >= miss) == (steps >= miss)]
    if (changed >= miss) != (steps >= miss) and len(alike) < len(others):
        return 0.0  # a nudge does the same
    amplified = max(_changes([steps] * len(alike), alike), default=0.0)
    return _beyond([steps], [changed], amplified, "float64")


def _losses_moved(
    dtype: str, before: Sequence[float], after: Sequence[float], *nudged: Sequence[float]
) -> float:
    """The largest relative change of one seed's best and final loss beyond ten times what nudges
    do.
    """
    sizes = [0.0]
    for column in (1, 2):
        own, changed, *others = (size(run[column]) for run in (before, after, *nudged))
        amplified = max(_changes([own] * len(others), others), default=0.0)
        sizes.append(_beyond([own], [changed], amplified, dtype))
    return max(sizes)


def same_bits(base: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    """Whether every recorded loss of the first updates is the same to the last bit."""
    return base["bits"] == head["bits"]


def direction(base: Mapping[str, float], head: Mapping[str, float], floor: float) -> str:
    """Whether a moved case converges "worse", "better" or ends the "same": diverged seeds, then
    steps, then gaps.

    floor : gaps below it are equal.
    """
    if base["diverged"] != head["diverged"]:
        return "worse" if head["diverged"] > base["diverged"] else "better"
    pairs = (
        (base["steps_to_target"], head["steps_to_target"], STEPS),
        (max(base["best_gap"], floor), max(head["best_gap"], floor), GAP),
    )
    for before, after, factor in pairs:
        if after > before * factor:
            return "worse"
        if before > after * factor:
            return "better"
    return "same"


def interval(base: Sequence[float], head: Sequence[float], confidence: float) -> Interval:
    """The median ratio head / base of times measured in pairs, and its interval by the binomial
    test of quantiles.

    Of sixteen pairs, a 99.9 % interval leaves out the lowest and the highest ratio: one pair that
    was disturbed doesn't widen it. With too few pairs for the confidence asked, an end is missing:
    0 or infinity.
    """
    ratios = np.asarray(head, dtype=float) / np.asarray(base, dtype=float)
    found = stats.quantile_test(ratios, p=0.5).confidence_interval(confidence)
    low, high = (
        end if not math.isnan(end) else missing
        for end, missing in ((found.low, 0.0), (found.high, math.inf))
    )
    return Interval(float(low), float(np.median(ratios)), float(high))
