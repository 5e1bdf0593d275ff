"""Learning rates: the grid around an optimizer's own, and those that are given."""

import math
from collections.abc import Iterable
from typing import TypeGuard

import numpy as np

from ...kernels.grammar import InputError
from ...kernels.optimizer import Optimizer
from .request import LR_COUNT, Request

MOST = 99
"""Learning rates of the widest grid around an optimizer's own."""


def default_lrs(center: float, count: int = LR_COUNT) -> tuple[float, ...]:
    """Nine (or another odd number) learning rates in half-decades around `center`, rounded to three
    digits.
    """
    return tuple(
        float(f"{center * 10 ** (k / 2):.3g}") for k in range(-(count // 2), count // 2 + 1)
    )


def own_lrs(optimizer: Optimizer, count: int = LR_COUNT) -> tuple[float, ...]:
    """The default grid around the rule's learning rate, or NaN for a rule without; a range that it
    declares cuts the grid.
    """
    if optimizer.lr is None:
        return (math.nan,)
    return tuple(lr for lr in default_lrs(optimizer.lr, count) if _takes(optimizer, lr)) or (
        optimizer.lr,
    )


def asked_rates(request: Request) -> tuple[float, ...] | int:
    """The learning rates that a request gives, each once, or how many around each optimizer's own.

    Raises InputError where one isn't a positive number, for an even count, and where it says both.
    """
    if request.lrs is None:
        count = LR_COUNT if request.lr_count is None else request.lr_count
        if not (is_whole(count) and 1 <= count <= MOST and count % 2):
            raise InputError(
                f"lr_count must be an odd whole number from 1 to {MOST}, not {count!r}"
            )
        return int(count)
    if request.lr_count is not None:
        raise InputError(
            "lrs and lr_count are two ways to say which learning rates; give one of them"
        )
    try:
        values = [float(lr) for lr in np.atleast_1d(np.asarray(request.lrs, float))]
    except (TypeError, ValueError) as error:
        raise InputError(f"learning rates must be numbers, not {request.lrs!r}") from error
    for lr in values:
        if not (math.isfinite(lr) and lr > 0):
            raise InputError(f"a learning rate must be positive and finite, not {lr!r}")
    if not values:
        raise InputError("no learning rate given")
    return tuple(dict.fromkeys(values))


def grids(
    optimizers: Iterable[Optimizer], asked: tuple[float, ...] | int
) -> dict[str, tuple[float, ...]]:
    """The learning rates of each name; one that is asked for with several centres gets all their
    grids.

    asked : by asked_rates. Raises InputError for a rate that an optimizer doesn't take.
    """
    found: dict[str, set[float]] = {}
    for optimizer in optimizers:
        if optimizer.lr is None:
            own: tuple[float, ...] = ()
        elif optimizer.one_lr:  # a name with its rate, which goes before a grid
            own = (optimizer.lr,)
        else:
            own = own_lrs(optimizer, asked) if isinstance(asked, int) else asked
            for lr in own:
                optimizer.configured(lr=lr)  # raises where the rule's range doesn't hold it
        found.setdefault(optimizer.name, set()).update(own)
    return {name: tuple(sorted(grid)) or (math.nan,) for name, grid in found.items()}


def is_whole(value: object) -> TypeGuard[int]:
    """Whether it is a whole number, of Python or NumPy; True and False are none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _takes(optimizer: Optimizer, lr: float) -> bool:
    try:
        optimizer.configured(lr=lr)
    except InputError:
        return False
    return True
