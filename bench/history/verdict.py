"""Whether two commits' numbers differ: pure functions of numbers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

MOVED = {"float64": 1e-9, "float32": 1e-5}
"""A relative change of a fingerprint beyond which arithmetic was changed, and not merely rounded otherwise."""
AMPLIFIED = 10
"""A loss that moves further when lr moves by 1e-14 of itself may move by this many times as much: it amplifies rounding."""
STEPS, GAP = 1.02, 1.01
"""Factors on steps to target and best gap beyond which a moved cell counts as better or worse."""


@dataclass(frozen=True)
class Interval:
    """A ratio of times, head over base: the median and the ends of its confidence interval."""

    low: float
    ratio: float
    high: float


def moved(base: Mapping[str, Any], head: Mapping[str, Any], dtype: str = "float64") -> float:
    """The largest relative change among the losses of a fingerprint that moved beyond what each may; 0 where none did.

    sizes : of the losses, all positive.  nudged : how far each moves as lr moves by a few roundings of itself.
    """
    if len(base["sizes"]) != len(head["sizes"]):
        return math.inf
    # base's alone: a commit that makes a rule chaotic doesn't excuse itself
    columns = zip(base["sizes"], head["sizes"], base["nudged"], strict=True)
    changes = [(abs(b - h) / max(b, h), max(MOVED[dtype], AMPLIFIED * nudged)) for b, h, nudged in columns]
    return max((change for change, most in changes if change > most), default=0.0)


def same_bits(base: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    """Whether every recorded loss of the first updates is the same to the last bit: nothing was rounded differently."""
    return base["bits"] == head["bits"]


def same_runs(base: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    """Whether steps to target, best and final loss of every seed are the same to the last bit."""
    # as texts: a diverged run ends in NaN, which equals nothing
    return repr(base["runs"]) == repr(head["runs"])


def direction(base: Mapping[str, float], head: Mapping[str, float], floor: float) -> str:
    """Whether a moved cell converges "worse", "better" or ends the "same": diverged seeds, then steps, then gaps.

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
    """The median ratio head / base of times measured in pairs, and its interval by the binomial test of quantiles.

    Of sixteen pairs, a 99.9 % interval leaves out the lowest and the highest ratio: one pair that was disturbed doesn't
    widen it. With too few pairs for the confidence asked, an end is missing: 0 or infinity.
    """
    ratios = np.asarray(head, dtype=float) / np.asarray(base, dtype=float)
    found = stats.quantile_test(ratios, p=0.5).confidence_interval(confidence)
    low, high = (end if not math.isnan(end) else missing for end, missing in ((found.low, 0.0), (found.high, math.inf)))
    return Interval(float(low), float(np.median(ratios)), float(high))
