"""What a rule's signature and decorator say: its form, slots, settings, and what it asks the loop
for.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import ranges
from .grammar import InputError

PER = ("coordinate", "run", "tensor", "matrix")
"""What one call of a rule sees: a coordinate, all of x, a parameter tensor, a tensor of rank 2 as
(rows, columns).
"""

WRAPS = ("gradient", "point", "mask", "probe")
"""What a wrapper makes: the gradient that the wrapped rule sees; the point from its proposal y;
whether a coordinate takes part; the point at which the gradient is taken again.
"""

GIVEN = ("x", "g", "y", "t", "scale", "loss", "minimum", "fun", "normal", "uniform")
"""The arguments that the loop gives, y to wrappers alone; all other names without default are
slots.
"""

DRAWS = ("normal", "uniform")
"""Those of them that are random numbers."""

WORDS = ("rows", "columns", "size")
"""Words for the tensor's extents in a slot's shape, beside whole numbers and settings."""


RATIO = "otherwise_ratio"
"""The setting of a rule for matrices with a partner: the partner's lr as a share of its own."""


@dataclass(frozen=True, eq=False)
class Rule:
    """An update rule as its author wrote it.

    slots : names of its state.  shapes : those that aren't shaped like x, each a tuple of WORDS,
    settings and numbers; () is one number.  init : slots that don't begin at zero: a number, a
    setting's name, or "x" for the start.
    reported : the slot at which the loss is evaluated, for rules that average.  settings :
    defaults, lr left out.
    lr : its default, None for a rule without.  wraps : what a wrapper makes, None for a rule of its
    own.
    partner : the wrapped rule where none is named, or the one that takes the tensors which aren't
    matrices.
    declared_ranges : of settings that mean something else than in ranges.RANGES, or aren't there;
    None for no range.
    """

    name: str
    function: Callable
    per: str
    wraps: str | None
    partner: str | None
    slots: tuple[str, ...]
    shapes: Mapping[str, tuple]
    init: Mapping[str, float | str]
    reported: str | None
    settings: Mapping[str, Any]
    lr: float | None
    words: tuple[str, ...] = field(default=())
    declared_ranges: Mapping[str, "ranges.Range | None"] = field(default_factory=dict)

    @property
    def key(self) -> tuple:
        """What a compiled kernel depends on beside the function."""
        return (
            self.function,
            self.per,
            self.wraps,
            self.slots,
            tuple(sorted(self.shapes.items())),
            tuple(self.settings),
        )

    @property
    def ranges(self) -> dict[str, "ranges.Range | None"]:
        """The range of each setting, and of lr; None where there is none."""
        words = [*(["lr"] if self.lr is not None else []), *self.settings]
        known = {**ranges.RANGES, **self.declared_ranges}
        return {
            word: known.get(word) for word in words if not isinstance(self.settings.get(word), bool)
        }

    @property
    def draws(self) -> tuple[str, ...]:
        """The kinds of random numbers that it asks for."""
        return tuple(word for word in DRAWS if word in self.words and word not in self.settings)

    @property
    def target(self) -> str:
        """The array that a rule over arrays changes: x, or for a wrapper g or y."""
        return "x" if self.wraps is None else "g" if self.wraps == "gradient" else "y"

    @property
    def plain(self) -> tuple[str, ...]:
        """The slots shaped like x, which come first in the state."""
        return tuple(slot for slot in self.slots if slot not in self.shapes)

    @property
    def declared(self) -> tuple[str, ...]:
        """The slots with shapes of their own, which follow tensor by tensor."""
        return tuple(slot for slot in self.slots if slot in self.shapes)

    def extents(self, slot: str, part: np.ndarray, settings: Mapping[str, Any]) -> tuple[int, ...]:
        """The shape of a declared slot for one row of the layout."""
        _, rows, columns, _ = part.tolist()
        known = {**settings, "rows": rows, "columns": columns, "size": rows * columns}
        return tuple(int(known.get(word, word)) for word in self.shapes[slot])

    def parts(self, layout: np.ndarray) -> np.ndarray:
        """The rows of the layout that one call each sees: int64, (parts, 4)."""
        if self.per in ("coordinate", "run"):
            size = int((layout[:, 1] * layout[:, 2]).sum())
            return np.array([[0, size, 1, 1]])
        return (
            layout
            if self.per == "tensor" or self.partner is None or self.wraps
            else layout[layout[:, 3] > 1]
        )


def read(
    function: Callable,
    per: str,
    wraps: str | None,
    partner: str | None,
    slots,
    init,
    reported,
    own_ranges,
) -> Rule:
    """The Rule of a decorated function. Raises InputError where its signature or its decorator
    can't be read.
    """
    function = getattr(
        function, "py_func", function
    )  # @numba.njit above or below: compiled here in any case
    if not inspect.isfunction(function) or function.__name__ == "<lambda>":
        words = {"lambda": "a lambda", "method": "a method", "type": "a class"}
        kind = words.get(type(function).__name__, f"of type {type(function).__name__}")
        kind = words["lambda"] if getattr(function, "__name__", "") == "<lambda>" else kind
        raise InputError(
            f"@optimizer takes a plain function, def rule(x, g, ...); {function!r} is {kind}"
        )
    name = function.__name__
    function.__module__ = function.__module__ or "__main__"  # made by exec, it has none
    parameters = list(inspect.signature(function).parameters.values())
    words = tuple(p.name for p in parameters)
    bare = [p.name for p in parameters if p.default is p.empty]

    def wrong(reason: str) -> InputError:
        return InputError(f"optimizer {name!r}: {reason}")

    if per not in PER:
        raise wrong(f"per={per!r} is none of {', '.join(PER)}")
    if wraps is not None and wraps not in WRAPS:
        raise wrong(f"wraps={wraps!r} is none of {', '.join(WRAPS)}")
    if wraps is None and words[:2] != ("x", "g"):
        raise wrong("its first arguments must be x, g")
    if wraps == "mask" and per != "coordinate":
        raise wrong("a mask is told coordinate by coordinate: leave per out")
    if "fun" in bare and (per != "run" or wraps):
        raise wrong('fun evaluates a whole run: declare @optimizer(per="run")')
    for p in parameters:
        if p.kind is not p.POSITIONAL_OR_KEYWORD:
            raise wrong(f"argument {p.name!r} must be a plain one, without * or **")
    if "lr" in bare and wraps is None:
        raise wrong("lr needs a default, the centre of its grid")
    if "lr" in words and "lr" not in bare and wraps is not None:
        raise wrong("lr is the wrapped rule's: name it without a default")
    given = {*GIVEN, "lr"} if wraps else {*GIVEN} - {"y"}
    names = tuple(word for word in bare if word not in given)
    settings = {p.name: p.default for p in parameters if p.default is not p.empty}
    for word, value in settings.items():
        if not isinstance(value, (bool, int, float)) or not math.isfinite(value):
            raise wrong(f"the default of setting {word!r} must be a finite number")
    settings = {
        word: value if isinstance(value, bool) else float(value) for word, value in settings.items()
    }
    lr = settings.pop("lr", None)
    for word in [*slots, *init, *([reported] if reported else [])]:
        if word not in names:
            raise InputError(
                f"optimizer {name!r} has no slot {word!r}; its slots: {', '.join(names) or 'none'}"
            )
    for word in WORDS:
        if slots and word in settings:
            raise wrong(
                f"a setting can't be called {word!r} where slots have shapes; it means the tensor's"
            )
    if slots and per == "coordinate":
        raise wrong('slots of other shapes than x\'s need per="run", "tensor" or "matrix"')
    for slot, shape in slots.items():
        for word in shape:
            if not (word in WORDS or word in settings or (isinstance(word, int) and word > 0)):
                raise wrong(
                    f"the shape of slot {slot!r} has {word!r}; write {', '.join(WORDS)}, a setting"
                    " or a number"
                )
    if reported in slots:
        raise wrong(f"the reported slot {reported!r} must be shaped like x")
    for word in own_ranges:
        if word not in settings and not (word == "lr" and lr is not None):
            raise InputError(
                f"optimizer {name!r} has no setting {word!r}; its settings:"
                f" {', '.join(settings) or 'none'}"
            )
    for slot, value in init.items():
        if isinstance(value, str) and not (
            value in settings or (value == "x" and slot not in slots)
        ):
            raise wrong(
                f"slot {slot!r} can begin at a number, a setting, or 'x' if it is shaped like x,"
                f" not at {value!r}"
            )
    shapes = {slot: tuple(shape) for slot, shape in slots.items()}
    limits = {
        word: None if given is None else ranges.interval(given)
        for word, given in own_ranges.items()
    }
    made = Rule(
        name,
        function,
        per,
        wraps,
        partner,
        names,
        shapes,
        dict(init),
        reported,
        settings,
        lr,
        words,
        limits,
    )
    for own in made.ranges.values():
        for end in (own.low, own.high) if own else ():
            if isinstance(end, str) and end not in settings:
                raise wrong(
                    f"a range ends at {end!r}, which is none of its settings: {', '.join(settings)}"
                )
    try:
        ranges.hold(name, {**settings, **({} if lr is None else {"lr": lr})}, made.ranges)
    except InputError as error:
        raise wrong(
            f"a default is out of range: {error}; where it means something else, declare ranges="
        ) from error
    return made
