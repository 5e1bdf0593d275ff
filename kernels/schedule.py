"""Learning-rate schedules as arrays of multipliers, one per update: the k-th update (k = 0, 1, ...)
uses lr times [k].

Every schedule takes `warmup`: so many updates, or below 1 that share of the run, rise linearly to
the full lr; the schedule proper begins after them.
"""

import inspect
import math
from typing import Any

import numpy as np

from . import grammar


def constant(steps):
    """Always 1."""
    return np.ones(steps)


def step(steps, every=0, gamma=0.1):
    """gamma**floor(k / every): a drop by `gamma` each `every` updates; every=0 means a third of the
    run.
    """
    return gamma ** (np.arange(steps) // (every or max(1, -(-steps // 3))))


def multi_step(steps, milestones="0.5:0.75", gamma=0.1):
    """A drop by `gamma` at each milestone: updates, or below 1 shares of the run, with colons
    between them.
    """
    places = [_updates(float(word), steps) for word in milestones.split(":")]
    return gamma ** np.searchsorted(np.sort(places), np.arange(steps), side="right").astype(float)


def exponential(steps, final=0.01):
    """final**(k / steps): the same ratio from each update to the next, down to `final` at the
    end.
    """
    return final ** (np.arange(steps) / steps)


def inverse_time(steps, decay=0.01):
    """1 / (1 + decay k). Robbins & Monro (1951), Annals of Mathematical Statistics 22(3), 400-407:
    steps a_n of order 1/n, whose sum diverges and whose squares' sum does not."""
    return 1.0 / (1.0 + decay * np.arange(steps))


def inverse_sqrt(steps, shift=1.0):
    """1 / sqrt(1 + k / shift). Vaswani et al. (2017), arXiv:1706.03762, eq. 3, with shift equal to
    the warm-up.
    """
    return 1.0 / np.sqrt(1.0 + np.arange(steps) / shift)


def polynomial(steps, power=2.0, final=0.0):
    """final + (1 - final) (1 - k / steps)**power."""
    return final + (1.0 - final) * (1.0 - np.arange(steps) / steps) ** power


def linear(steps, final=0.0):
    """final + (1 - final) (1 - k / steps)."""
    return polynomial(steps, 1.0, final)


def cosine(steps, final=0.0):
    """final + (1 - final) (1 + cos(pi k / steps)) / 2. Loshchilov & Hutter (2017),
    arXiv:1608.03983, eq. 5, one period.
    """
    return final + (1.0 - final) * 0.5 * (1.0 + np.cos(np.pi * np.arange(steps) / steps))


def cosine_restarts(steps, periods=3, growth=2.0, final=0.0):
    """Cosine periods one after another, each `growth` times as long as the one before: Loshchilov
    & Hutter (2017), arXiv:1608.03983, SGDR, eq. 5.
    """
    lengths = growth ** np.arange(periods)
    ends = np.rint(steps * np.cumsum(lengths) / lengths.sum()).astype(int)
    return np.concatenate(
        [cosine(length, final) for length in np.diff(ends, prepend=0) if length > 0]
    )[:steps]


def one_cycle(steps, rise=0.45, first=0.1, final=0.01):
    """Linear from `first` to 1 in the share `rise` of the run, back in as long, then on to `final`.
    Smith & Topin (2018), Super-Convergence, arXiv:1708.07120, section 4.
    """
    return np.interp(
        np.arange(steps) / steps, [0.0, rise, 2 * rise, 1.0], [first, 1.0, first, final]
    )


def wsd(steps, decay=0.2, final=0.0, warmup=0.05):
    """Warm-up, stable, decay: 1 until the last share `decay` of the run, then linear to `final`. Hu
    et al. (2024), MiniCPM, arXiv:2404.06395, section 4.
    """
    return np.interp(np.arange(steps) / steps, [1.0 - decay, 1.0], [1.0, final])


SCHEDULES = {
    rule.__name__: rule
    for rule in (
        constant,
        step,
        multi_step,
        exponential,
        inverse_time,
        inverse_sqrt,
        polynomial,
        linear,
        cosine,
        cosine_restarts,
        one_cycle,
        wsd,
    )
}
RANGES = {
    "gamma": (1e-300, 1.0),
    "final": (0.0, 1.0),
    "first": (1e-9, 1.0),
    "rise": (0.0, 0.5),
    "decay": (0.0, math.inf),
    "every": (0, math.inf),
    "shift": (1e-300, math.inf),
    "power": (0.0, math.inf),
    "periods": (1, 100),
    "growth": (0.1, 10.0),
    "warmup": (0.0, math.inf),
}
"""The least and the largest value of each parameter."""


def canonical(name: str) -> str:
    """The schedule's name in the grammar, defaults left out. Raises InputError for unknown names or
    values out of range.
    """
    family, values, defaults = _read(name)
    return grammar.write(family, values, defaults)


def multipliers(name: str, steps: int) -> np.ndarray:
    """The multipliers of the schedule `name` (in the grammar) for `steps` updates: float64,
    (steps,).

    Raises InputError for unknown names or values out of range.
    """
    family, values, _ = _read(name)
    rising = min(steps, _updates(values["warmup"], steps))
    taken = {
        word: value
        for word, value in values.items()
        if word in parameters(family) and word != "warmup"
    }
    proper = SCHEDULES[family](steps - rising, **taken) if rising < steps else np.zeros(0)
    return np.concatenate(
        [np.arange(1, rising + 1) / max(1, _updates(values["warmup"], steps)), proper]
    )


def parameters(family: str) -> dict[str, Any]:
    """The parameters of a schedule with their defaults, warm-up included."""
    own = list(inspect.signature(SCHEDULES[family]).parameters.values())[1:]
    return {
        **{p.name: p.default for p in own},
        "warmup": next((p.default for p in own if p.name == "warmup"), 0.0),
    }


def _updates(given: float, steps: int) -> int:
    """A number of updates, which may be given as a share of the run."""
    return max(1, round(given * steps)) if 0 < given < 1 else round(given)


def _read(name: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    family, given = grammar.parse(name)
    if family not in SCHEDULES:
        raise grammar.unknown("schedule", family, SCHEDULES)
    defaults = parameters(family)
    given = {word: str(value) if word == "milestones" else value for word, value in given.items()}
    values: dict[str, Any] = grammar.fill("parameter", family, given, defaults)
    for key, value in values.items():
        if key == "milestones":
            values[key] = _milestones(family, value)
            continue
        least, most = RANGES[key]
        if family == "exponential" and key == "final":
            least = 1e-300
        if family == "wsd" and key == "decay":
            least, most = 1e-9, 1.0
        if not least <= value <= most:
            raise grammar.InputError(
                f"{family}[{key}={value}]: out of range, it lies between {least:g} and {most:g}"
            )
    return family, values, defaults


def _milestones(family: str, text: str) -> str:
    """The milestones as they are written canonically."""
    try:
        numbers = sorted(float(word) for word in text.split(":"))
    except ValueError:
        numbers = [-1.0]
    if not all(0 <= number < math.inf for number in numbers):
        raise grammar.InputError(
            f"{family}[milestones={text}]: out of range, write updates or shares of the run as"
            " 0.5:0.75"
        )
    return ":".join(f"{number:g}" for number in numbers)
