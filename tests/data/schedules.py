"""What generate.py needs for trajectories under a schedule: multipliers, a learning rate as a
function, calls that take one.

A few of optax's optimizers take a number alone, or weigh by another update's rate: CALLS and RISING
say what stands in their place.
"""

# pyright: reportMissingImports=false
# optax comes with the extra `peers` alone

from collections.abc import Callable
from typing import Any

import numpy as np
import optax

UPDATES = 60
"""Of a trajectory under a schedule."""
ROWS = np.r_[0:7, 10:13, 19:23, 30, 39:43, 50, 60]
"""After which of them the point is kept."""
WARMING = "cosine[warmup=10]"
SCHEDULES: dict[str, Callable[[int], float]] = {
    "cosine": lambda k: (1 + np.cos(np.pi * k / UPDATES)) / 2,
    "constant[warmup=20]": lambda k: min(1.0, (k + 1) / 20),
    "step[every=20]": lambda k: 0.1 ** (k // 20),
    WARMING: lambda k: (
        (k + 1) / 10 if k < 10 else (1 + np.cos(np.pi * (k - 10) / (UPDATES - 10))) / 2
    ),
}
"""Our name -> what lr is multiplied by at update k = 0, 1, ..."""

CALLS = {
    "optax.sm3(lr": "optax.inject_hyperparams(optax.sm3)(lr",
    "optax.polyak_sgd(": "optax.inject_hyperparams(optax.polyak_sgd)(",
    "optax.scale(-lr)": "optax.scale_by_schedule(-lr)",
}
"""Where optax takes a number alone: its own way to schedule any number."""
RISING = {
    "optax.contrib.schedule_free_sgd(": "schedule_free_sgd(",
    "optax.contrib.schedule_free_adamw(": "schedule_free_adamw(",
}
"""Under a schedule that rises, beside CALLS: the functions below."""


def names_for(name: str) -> list[str]:
    """The schedules that a case by our name gets: a preset the first three, its variants and
    wrappers the one with both.
    """
    plain = ":" in name and "[" not in name
    return [schedule for schedule in SCHEDULES if schedule != WARMING] if plain else [WARMING]


def call_under(schedule: str, call: str) -> str:
    """The library's call when `lr` is a function."""
    for text, instead in (CALLS | RISING if "warmup" in schedule else CALLS).items():
        call = call.replace(text, instead)
    return call


def multipliers(schedule: str) -> np.ndarray:
    """float64, (UPDATES,)."""
    return np.array([SCHEDULES[schedule](k) for k in range(UPDATES)])


class Rate:
    """A learning rate as optax wants it, a function of the count, which may stand in a sum or a
    product.
    """

    def __init__(self, of_count: Callable[[Any], Any]):
        self.of_count = of_count

    def __call__(self, count: Any) -> Any:
        return self.of_count(count)

    def __sub__(self, other: float) -> "Rate":
        return Rate(lambda count: self(count) - other)

    def __mul__(self, other: Any) -> "Rate":
        return Rate(lambda count: self(count) * other)

    __rmul__ = __mul__

    def __neg__(self) -> "Rate":
        return self * -1.0


def schedule_free(
    base: optax.GradientTransformation, lr: Rate, b1: float
) -> optax.GradientTransformationExtraArgs:
    """optax's, with weights of the same update's learning rate: optax counts them from 1, so that
    they run one ahead.
    """
    return optax.contrib.schedule_free(base, lambda count: lr(count - 1), b1=b1)


def schedule_free_sgd(
    lr: Rate, b1: float = 0.9, weight_decay: float = 0.0
) -> optax.GradientTransformationExtraArgs:
    """optax.contrib.schedule_free_sgd with the above."""
    return schedule_free(
        optax.chain(optax.add_decayed_weights(weight_decay), optax.sgd(lr)), lr, b1
    )


def schedule_free_adamw(
    lr: Rate, b1: float = 0.9, b2: float = 0.999, weight_decay: float = 0.0
) -> optax.GradientTransformationExtraArgs:
    """optax.contrib.schedule_free_adamw with the above."""
    adam = optax.scale_by_rms(decay=b2, eps=1e-8, eps_in_sqrt=False, bias_correction=True)
    decayed = optax.chain(
        adam, optax.add_decayed_weights(weight_decay), optax.scale_by_learning_rate(lr)
    )
    return schedule_free(decayed, lr, b1)
