"""What a formula computes on: its constants, or the rows of a data set and their mini-batches."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import wraps
from typing import Any

import numpy as np
import numpy.typing as npt

from ..kernels import pickling, random


def read_only(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """A float64 copy of the values that can't be written."""
    copied = np.array(values, np.float64)
    copied.setflags(write=False)
    return copied


def _empty() -> npt.NDArray[np.float64]:
    return np.zeros(0)


@dataclass(frozen=True, eq=False)
class DataSet:
    """The numbers that a formula names `data`, and how they are used as rows.

    data : flat float64, in the formula's own order: its constants, or all rows of a data set.
    samples : rows of the data set; 0 where `data` holds constants.
    batch : rows of a mini-batch; 0 means that each step sees all rows.
    held_out, held_out_samples : like `data` and `samples`, of rows that are never trained on.
    metric : what the formula leaves in g[0] when it is asked for the loss alone: "accuracy", "R²"
    or "loss"; "" for nothing.
    product_operations : floating-point operations of a gradient's matrix products for one row; 0
    where they aren't known.

    Arrays are copied and can't be written.
    """

    data: np.ndarray = field(default_factory=_empty)
    samples: int = 0
    batch: int = 0
    held_out: np.ndarray = field(default_factory=_empty)
    held_out_samples: int = 0
    metric: str = ""
    product_operations: int = 0

    def __post_init__(self):
        for name in ("data", "held_out"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def steps_per_epoch(self) -> int:
        """Updates in which every row is seen once, the last of them on the rows that are left; 0
        without rows.
        """
        return -(-self.samples // (self.batch or self.samples)) if self.samples else 0

    def rows_seen(self, steps: int) -> int:
        """How many rows `steps` updates see; a row counts each time that it is seen."""
        epochs, rest = divmod(steps, max(1, self.steps_per_epoch))
        return epochs * self.samples + rest * self.batch

    def rows(self, key: np.int64, step: int) -> npt.NDArray[np.int64]:
        """The rows that update `step` = 1, 2, ... sees; key : what Problem.keys makes of a seed."""
        if not self.batch:
            return np.arange(self.samples)
        return random.mini_batch(key, step, self.samples, self.batch)

    def __reduce__(self) -> tuple[Any, ...]:
        return pickling.by_fields(self)  # made anew, so that its arrays can't be written


NAMES = tuple(entry.name for entry in fields(DataSet))


def take_flat_fields(kind: type[Any]) -> None:
    """Let a Problem take and show a DataSet's fields as its own, as plugins wrote them before there
    was a DataSet: `Problem(..., data=numbers, samples=100, batch=10).batch`.
    """
    init: Callable[..., None] = kind.__init__

    @wraps(init)
    def with_flat_fields(self: object, *values: Any, **named: Any) -> None:
        flat = {name: named.pop(name) for name in NAMES if name in named}
        if flat:
            named["data_set"] = replace(named.get("data_set") or DataSet(), **flat)
        init(self, *values, **named)

    def flat_field(self: Any, name: str) -> Any:
        if name in NAMES:
            return getattr(self.data_set, name)
        raise AttributeError(f"{kind.__name__!r} object has no attribute {name!r}")

    kind.__init__, kind.__getattr__ = with_flat_fields, flat_field
