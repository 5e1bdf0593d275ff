"""What the commits bring beside what their suites track: every rule, preset, problem and schedule,
each in a few cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...kernels.grammar import unknown
from .suite_values import OWN
from .tracked import Grid, Tracked

PROBLEMS = ("noisy_rosenbrock", "rosenbrock", "xor")
"""Where each rule runs that isn't tracked: a formula, with noise too, and a network, whose weights
are matrices.
"""
LRS = (OWN, "1.0e-02")
"""At what learning rates: its own default, too, whose change is one of the rule."""
OPTIMIZERS = ("adam", "sgd")
"""What runs on each problem that isn't tracked."""
LARGEST = 1000
"""Coordinates of a problem beyond which it is judged only where it is asked for."""
SCHEDULED = Grid(("quadratic",), ("sgd",), ("1.0e-02",))
"""Where each schedule runs that isn't tracked."""
SINGLE = Grid(("xor",), ("adam", "sgd"), ("1.0e-02",), dtype="float32")
"""What a package that brings the network is judged on, too: float32 has exponentials of its own
there.
"""


@dataclass(frozen=True)
class Names:
    """What a commit brings, and which of the names that were asked for it knows."""

    optimizers: tuple[str, ...]
    problems: Mapping[str, int]
    schedules: tuple[str, ...]
    known: Mapping[str, Sequence[str]]

    @classmethod
    def of_answer(cls, answer: Mapping[str, Any]) -> "Names":
        """From what the suite's module `names` says."""
        return cls(
            tuple(answer["optimizers"]),
            answer["problems"],
            tuple(answer["schedules"]),
            answer["known"],
        )

    def knows(self, kind: str, name: str) -> bool:
        """Whether the commit has it. kind : "problems" or "optimizers"."""
        return name in self.known[kind]


def examine(asked: Mapping[str, Sequence[str]], base: Names, head: Names, tracked: Tracked) -> None:
    """Raise InputError for a name that neither commit has. asked : {"problems": names,
    "optimizers": names}.
    """
    for kind, names in asked.items():
        for name in names:
            if not (base.knows(kind, name) or head.knows(kind, name)):
                own = {*getattr(base, kind), *getattr(head, kind), *getattr(tracked, kind)}
                raise unknown(kind[:-1], name, own)


def grids(
    base: Names,
    head: Names,
    tracked: Tracked,
    problems: Sequence[str] | None,
    optimizers: Sequence[str] | None,
):
    """What either commit brings and neither's suite tracks, as far as these names are asked for;
    None means all.
    """
    rules = [
        name
        for name in _either(base.optimizers, head.optimizers)
        if name not in tracked.main.optimizers
    ]
    sizes = {**base.problems, **head.problems}
    formulas = [
        name for name in _either(base.problems, head.problems) if name not in tracked.main.problems
    ]
    formulas = [name for name in formulas if sizes[name] <= LARGEST]
    found = [Grid(PROBLEMS, tuple(rules), LRS), Grid(tuple(formulas), OPTIMIZERS, LRS)]
    known = {grid.schedule for grid in tracked.variants}
    schedules = [
        name for name in _either(base.schedules, head.schedules) if name not in {"constant", *known}
    ]
    found += [
        Grid(SCHEDULED.problems, SCHEDULED.optimizers, SCHEDULED.lrs, schedule=name)
        for name in schedules
    ]
    found += [SINGLE] if set(SINGLE.problems) <= sizes.keys() else []
    narrow = (grid.narrowed(problems, optimizers) for grid in found)
    return tuple(grid for grid in narrow if grid.size)


def _either(
    base: Sequence[str] | Mapping[str, int], head: Sequence[str] | Mapping[str, int]
) -> list[str]:
    return list(dict.fromkeys([*head, *base]))
