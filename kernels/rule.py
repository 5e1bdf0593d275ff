"""What a rule's signature and decorator say: its form, slots, settings, and what it asks the loop
for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .ranges import RANGES, Range

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

EXTENTS = ("rows", "columns", "size")
"""Names for the tensor's extents in a slot's shape, beside whole numbers and settings."""

RATIO = "otherwise_ratio"
"""The setting of a rule for matrices with a fallback: the fallback's lr as a share of its own."""

Shape = tuple[int | str, ...]
"""A slot's shape as it is declared: EXTENTS, settings and numbers; () is one number."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Rule:
    """An update rule as its author wrote it.

    parameters : the names in the function's signature.
    slots : names of its state.  shapes : of those that aren't shaped like x.  init : slots that
    don't begin at zero: a number, a setting's name, or "x" for the start.
    reported : the slot at which the loss is evaluated, for rules that average.
    settings : defaults, lr left out.  lr : its default, None for a rule without.
    wraps : what a wrapper makes, None for a rule of its own.
    wrapped : the rule that a wrapper wraps where its name says none.
    fallback : the rule for tensors that aren't matrices. At most one of the two is there.
    declared_ranges : of settings that mean something else than in ranges.RANGES, or aren't there;
    None for no range.
    """

    name: str
    function: Callable[..., Any]
    parameters: tuple[str, ...]
    per: str
    wraps: str | None
    wrapped: str | None
    fallback: str | None
    slots: tuple[str, ...]
    shapes: Mapping[str, Shape]
    init: Mapping[str, float | str]
    reported: str | None
    settings: Mapping[str, bool | float]
    lr: float | None
    declared_ranges: Mapping[str, Range | None]

    @property
    def key(self) -> tuple[object, ...]:
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
    def ranges(self) -> dict[str, Range | None]:
        """The range of each setting, and of lr; None where there is none."""
        names = [*(["lr"] if self.lr is not None else []), *self.settings]
        known = {**RANGES, **self.declared_ranges}
        return {
            name: known.get(name) for name in names if not isinstance(self.settings.get(name), bool)
        }

    @property
    def draws(self) -> tuple[str, ...]:
        """The kinds of random numbers that it asks for."""
        return tuple(
            kind for kind in DRAWS if kind in self.parameters and kind not in self.settings
        )

    @property
    def target(self) -> str:
        """The array that a rule over arrays changes: x, or for a wrapper g or y."""
        return "x" if self.wraps is None else "g" if self.wraps == "gradient" else "y"

    @property
    def owed(self) -> tuple[str, ...]:
        """What the rule hands back: one per coordinate returns it, one over arrays changes it."""
        if self.per != "coordinate":
            return (self.target, *self.slots)
        if self.wraps == "mask":
            return ("True or False",)
        return ("g" if self.wraps == "gradient" else "x", *self.slots)

    @property
    def duty(self) -> str:
        """The same for an error message: "return x, m, v" or "change x, m in place"."""
        owed = ", ".join(self.owed)
        return f"return {owed}" if self.per == "coordinate" else f"change {owed} in place"

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
        _, rows, columns, _ = map(int, part)
        known = {**settings, "rows": rows, "columns": columns, "size": rows * columns}
        return tuple(
            int(known[extent]) if isinstance(extent, str) else extent
            for extent in self.shapes[slot]
        )

    def parts(self, layout: np.ndarray) -> np.ndarray:
        """The rows of the layout that one call each sees: int64, (parts, 4)."""
        if self.per in ("coordinate", "run"):
            size = int((layout[:, 1] * layout[:, 2]).sum())
            return np.array([[0, size, 1, 1]])
        return layout[layout[:, 3] > 1] if self.fallback else layout
