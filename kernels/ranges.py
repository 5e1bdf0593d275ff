"""The ranges of settings: what an optimizer's numbers may be. For one clear line where they aren't,
and for search spaces.

A range is written as in a paper, `[0, 1)`; an end may be another setting's name, `(0, c2)`. `whole`
says that only whole numbers are meant, `log` that the setting's scale is logarithmic. A rule whose
setting means something else declares its own:

    @optimizer(ranges={"beta": "[0, 2]", "turns": "[1, 100] whole", "c": (0, 1)})

A pair of numbers includes both ends; None is no range.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .grammar import InputError


@dataclass(frozen=True)
class Range:
    """Where a setting lies.

    low, high : the ends, numbers or other settings' names.  low_open, high_open : whether the end
    itself is outside.
    whole : whole numbers alone.  log : equal ratios are equally far apart, as for a learning rate.
    """

    low: float | str
    high: float | str
    low_open: bool
    high_open: bool
    whole: bool = False
    log: bool = False

    def holds(self, value: float, settings: Mapping[str, Any]) -> bool:
        """Whether the value lies in it; settings : where ends that are names are looked up."""
        low, high = (
            settings[end] if isinstance(end, str) else end for end in (self.low, self.high)
        )
        above = value > low if self.low_open else value >= low
        below = value < high if self.high_open else value <= high
        return (
            above
            and below
            and math.isfinite(value)
            and (not self.whole or float(value).is_integer())
        )

    def __str__(self) -> str:
        ends = ", ".join(
            end if isinstance(end, str) else f"{end:g}" for end in (self.low, self.high)
        )
        text = f"{'(' if self.low_open else '['}{ends}{')' if self.high_open else ']'}"
        return f"it is a whole number in {text}" if self.whole else f"it lies in {text}"


def interval(given: "str | tuple[Any, ...] | Range") -> Range:
    """The range of a text such as "[1, inf) whole", or of a pair, both ends included. Raises
    InputError for others.
    """
    if isinstance(given, Range):
        return given
    text = (
        f"[{given[0]}, {given[1]}]" if isinstance(given, tuple) and len(given) == 2 else str(given)
    )
    read = re.fullmatch(
        r"([\[(])\s*(\S+)\s*,\s*(\S+?)\s*([\])])((?:\s+(?:whole|log))*)", text.strip()
    )
    if read is None:
        raise InputError(f'can\'t read the range {given!r}; write it as "[0, 1)" or (0, 1)')
    left, low, high, right, options = read.groups()
    ends = _end(low), _end(high)
    if isinstance(ends[0], float) and isinstance(ends[1], float) and not ends[0] <= ends[1]:
        raise InputError(f"can't read the range {given!r}: its ends are in the wrong order")
    low_open, high_open = left == "(" or ends[0] == -math.inf, right == ")" or ends[1] == math.inf
    return Range(ends[0], ends[1], low_open, high_open, "whole" in options, "log" in options)


def _end(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


SHARE, POSITIVE, SIZE = "[0, 1)", "(0, inf) log", "[0, inf) log"
"""Of a running mean what is kept; a scale; one that 0 switches off."""

RANGES: dict[str, Range] = {
    name: interval(text)
    for name, text in {
        "lr": POSITIVE,
        "otherwise_ratio": POSITIVE,
        "weight_decay": SIZE,
        "beta": SHARE,
        "beta1": SHARE,
        "beta2": SHARE,
        "beta3": SHARE,
        "momentum": SHARE,
        "decay": SHARE,
        "eps": SIZE,
        "eps1": SIZE,
        "eps2": SIZE,
        "eps_root": SIZE,
        "initial": SIZE,
        "d0": POSITIVE,
        "limit": POSITIVE,
        "reps_rel": POSITIVE,
        "every": "[1, inf) whole",
        "memory": "[1, inf) whole",
        "steps": "[1, inf) whole",
        "trials": "[1, inf) whole",
    }.items()
}
"""The ranges of settings that mean the same in all rules."""


def hold(owner: str, settings: Mapping[str, Any], ranges: Mapping[str, Range | None]) -> None:
    """Hold the settings to their ranges. Raises InputError with the first that isn't in its own."""
    for name, value in settings.items():
        own = ranges.get(name)
        if own is not None and not isinstance(value, bool) and not own.holds(value, settings):
            raise InputError(f"{owner}[{name}={value}]: out of range, {own}")
