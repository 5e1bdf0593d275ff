"""Learning-rate schedules as arrays of multipliers, one per update: the k-th update (k = 0, 1, ...) uses lr times [k]."""

import inspect
from typing import Any

import numpy as np

from . import grammar


def constant(steps):
    """Always 1."""
    return np.ones(steps)


def step(steps, every=0, gamma=0.1):
    """gamma**floor(k / every): a drop by `gamma` each `every` updates; every=0 means a third of the run."""
    return gamma ** (np.arange(steps) // (every or max(1, -(-steps // 3))))


def exponential(steps, final=0.01):
    """final**(k / steps): the same ratio from each update to the next, down to `final` at the end."""
    return final ** (np.arange(steps) / steps)


def inverse_time(steps, decay=0.01):
    """1 / (1 + decay k). Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), 400-407:
    steps a_n of order 1/n, whose sum diverges and whose squares' sum does not."""
    return 1.0 / (1.0 + decay * np.arange(steps))


def cosine(steps, final=0.0):
    """final + (1 - final) (1 + cos(pi k / steps)) / 2. Loshchilov & Hutter (2017), arXiv:1608.03983, eq. 5, one period."""
    return final + (1.0 - final) * 0.5 * (1.0 + np.cos(np.pi * np.arange(steps) / steps))


SCHEDULES = {rule.__name__: rule for rule in (constant, step, exponential, inverse_time, cosine)}


def canonical(name: str) -> str:
    """The schedule's name in the grammar, defaults left out. Raises InputError for unknown words or values out of range."""
    family, values, defaults = _read(name)
    return grammar.write(family, values, defaults)


def multipliers(name: str, steps: int) -> np.ndarray:
    """The multipliers of the schedule `name` (in the grammar) for `steps` updates: float64, (steps,).

    Raises InputError for unknown words or values out of range.
    """
    family, values, _ = _read(name)
    return SCHEDULES[family](steps, **values)


def _read(name: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    family, given = grammar.parse(name)
    if family not in SCHEDULES:
        raise grammar.unknown("schedule", family, SCHEDULES)
    parameters = list(inspect.signature(SCHEDULES[family]).parameters.values())[1:]
    defaults = {p.name: p.default for p in parameters}
    values: dict[str, Any] = grammar.fill("parameter", family, given, defaults)
    for key, value in values.items():
        if value < 0 or (key in ("gamma", "final") and (value > 1 or (value == 0 and family != "cosine"))):
            raise grammar.InputError(f"{family}[{key}={value}]: out of range (gamma and final lie in (0, 1], others from 0)")
    return family, values, defaults
