"""Names and bounds in the answers of bench/benchmarks/, which has them too: it can't import the
package that it measures.

A test holds the two alike.
"""

import math
from collections.abc import Sequence
from typing import Any

OWN = "default"
"""The text of a learning rate that stands for each optimizer's own default."""
NUDGE = {"float64": 1e-14, "float32": 1e-7}
"""Relative changes of lr, up and down, whose effect is noted: a few roundings of the dtype's
numbers each.
"""
FLOOR, CAP = 1e-12, 1e10
"""The least and the greatest loss or gap that an answer has: smaller ones are rounding, larger ones
of runs that diverged.
"""


def size(loss: float) -> float:
    """|loss| between FLOOR and CAP; CAP for NaN."""
    return CAP if math.isnan(loss) else min(max(abs(loss), FLOOR), CAP)


def first_reason(times: Sequence[Any]) -> str | None:
    """The first text among the times, which says why there is none; None where all are numbers."""
    return next((ns for ns in times if isinstance(ns, str)), None)
