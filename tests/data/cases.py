"""A trajectory to compute: whose call, on which problem, and which of its points are kept."""

# pyright: reportMissingImports=false
# torch, jax and optax come with the extra `peers` alone

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import schedules

UPDATES = 300
MATRIX_AND_VECTOR = {"w": (3, 2), "b": (2,)}
SHAPES = {"random": MATRIX_AND_VECTOR, "rosenbrock": {"x": (2,)}, "rosenbrock8": MATRIX_AND_VECTOR}
"""Problem -> its parameter tensors, which follow each other in x."""

ROWS = {
    "random": np.r_[0:31, 40 : UPDATES + 1 : 10],
    "rosenbrock": np.r_[0:101, 105 : UPDATES + 1 : 5],
    "rosenbrock8": np.r_[0:31, 40 : UPDATES + 1 : 10],
}
"""Problem -> after which updates the point is kept: an error that lasts shows in any later one."""


@dataclass(frozen=True)
class Case:
    """A trajectory: our name for it and lr, the library's call, the problem and its parameter
    tensors.

    mean : the transform that makes the reported point from the points, where the call has none of
    its own.
    twin : a call that must agree to float32, the one that a user would write.
    schedule : one of schedules.SCHEDULES; `lr` is then a function of optax's count, or set by
    torch's LambdaLR.
    """

    name: str
    lr: float
    library: str
    call: str
    on: str
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    mean: str = ""
    twin: str = ""
    schedule: str = ""

    @property
    def updates(self) -> int:
        """How many updates it has."""
        return schedules.UPDATES if self.schedule else UPDATES

    @property
    def rows(self) -> np.ndarray:
        """After which of them the point is kept."""
        return schedules.ROWS if self.schedule else ROWS[self.on]

    @property
    def rate(self) -> Any:
        """`lr` in an optax call: a number, or under a schedule a function of the count."""
        if not self.schedule:
            return self.lr
        values = jnp.asarray(schedules.multipliers(self.schedule))
        return schedules.Rate(lambda count: self.lr * values[count])


def scheduled(cases: Sequence[Case]) -> list[Case]:
    """The cases under schedules: each name once, on random gradients where it has them, with its
    first lr and shapes.
    """
    first: dict[str, Case] = {}
    for case in cases:
        first.setdefault(case.name, case)
    return [
        replace(case, call=schedules.call_under(schedule, case.call), schedule=schedule)
        for case in first.values()
        for schedule in schedules.names_for(case.name)
    ]
