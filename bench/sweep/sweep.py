"""A sweep as data: what is asked, which runs it means, which blocks they form."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar, cast

import numpy as np

from ...kernels import schedule
from ...kernels.grammar import InputError
from ...kernels.optimizer import Optimizer
from ...kernels.padding import tensor_layout
from ...kernels.signatures import DTYPES, PANEL
from ...problems.problem import Problem
from ..plugins import discovery
from ..plugins.misnamed import warn_of_misnamed
from . import learning_rates, suites
from .block import Block
from .learning_rates import is_whole
from .request import DEFAULTS, STOPS, Request

WIDEST = 256
"""Lanes of the widest block: beyond it, the lanes of a small problem leave the first-level
cache.
"""
WORKING_SET = 512 * 1024
"""Bytes of x, g and slots above which a block gets fewer lanes: half a second-level cache."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sweep:
    """All the runs of one command, checked.

    lrs : the learning rates of each optimizer, by name; NaN for a rule without.
    steps : None means each problem's budget.
    """

    problems: tuple[Problem, ...]
    optimizers: tuple[Optimizer, ...]
    lrs: Mapping[str, tuple[float, ...]]
    seeds: tuple[int, ...]
    steps: int | None
    schedule: str
    stop: str
    dtype: str

    def blocks(self) -> list[Block]:
        """Every run of the sweep once, in blocks, the costliest first."""
        found = [
            block for p in self.problems for o in self.optimizers for block in self._blocks_of(p, o)
        ]
        return sorted(found, key=lambda block: -block.work)

    def _blocks_of(self, problem: Problem, optimizer: Optimizer) -> Iterator[Block]:
        lrs = np.array(self.lrs[optimizer.name])
        seeds = np.array(self.seeds, np.int64)
        whole = Block(
            problem=problem,
            optimizer=optimizer,
            schedule=self.schedule,
            dtype=self.dtype,
            steps=self.steps or problem.budget,
            stop=self.stop,
            lrs=np.tile(lrs, seeds.size),
            seeds=np.repeat(seeds, lrs.size),
        )
        width = _width(problem, optimizer)
        # the mini-batch order is the seed's: lanes that share a matrix product share the seed
        groups = [whole]
        if problem.data_set.batch:
            groups = [whole.only(whole.seeds == seed) for seed in seeds]
        for group in groups:
            for first in range(0, group.lrs.size, width):
                yield group.only(np.arange(first, min(first + width, group.lrs.size)))


def recording_grid(steps: int) -> np.ndarray:
    """The recorded steps of a run: about 100, half evenly and half logarithmically spaced, always
    with 0 and the last.
    """
    even = np.linspace(0, steps, 51)
    logarithmic = np.geomspace(1, steps, 64)
    return np.unique(np.rint(np.concatenate([even, logarithmic])).astype(np.int64))


def plan(request: Request) -> Sweep:
    """Check what is asked, fill in what isn't said from DEFAULTS, and return it as a Sweep.

    Raises InputError for unknown names and values out of range.
    """
    rates = learning_rates.asked_rates(request)
    asked = request.over(DEFAULTS)
    dtype, stop = _one_of("dtype", asked.dtype, DTYPES), _one_of("stop", asked.stop, STOPS)
    steps = _checked_steps(asked.steps)
    optimizers = _optimizers_of(asked)
    for optimizer in dict.fromkeys(optimizers):
        warn_of_misnamed(optimizer)
    problems = suites.problems_of(asked)
    return Sweep(
        problems=_unique(problems, lambda problem: problem.digest, "problem", "family"),
        optimizers=_unique(
            optimizers, lambda rule: (rule.chain, rule.written), "optimizer", "name"
        ),
        lrs=learning_rates.grids(optimizers, rates),
        seeds=_checked_seeds(asked.seeds),
        steps=steps,
        schedule=_checked_schedule(asked.schedule),
        stop=stop,
        dtype=dtype,
    )


def _optimizers_of(request: Request) -> list[Optimizer]:
    """The optimizers that a request names or has, "all" being every one; the default ones where it
    says none.
    """
    asked = request.optimizers
    names = discovery.default_optimizers() if asked is None else asked
    everyone = (discovery.list_optimizers() if name == "all" else [name] for name in names)
    return [_optimizer(name) for name in chain.from_iterable(everyone)]


def _optimizer(given: object) -> Optimizer:
    if isinstance(given, str):
        return discovery.get_optimizer(given)
    if not isinstance(given, Optimizer):
        raise InputError(f"optimizers are names or Optimizer objects, not {given!r}")
    return given


Named = TypeVar("Named", Problem, Optimizer)


def _unique(
    things: Iterable[Named], identity: Callable[[Named], object], kind: str, word: str
) -> tuple[Named, ...]:
    """Each thing once. Raises InputError where there is none, or two that differ have one name.

    word : what gives one of them another name.
    """
    found: dict[str, Named] = {}
    for thing in things:
        twin = found.setdefault(thing.name, thing)
        if identity(thing) != identity(twin):
            raise InputError(
                f"two different {kind}s are called {thing.name!r}; give one another {word}"
            )
    if not found:
        raise InputError(
            "nothing to run: give at least one problem and one optimizer (optbench list)"
        )
    return tuple(found.values())


def _one_of(word: str, value: str | None, known: Sequence[str]) -> str:
    if value is None or value not in known:
        raise InputError(f"unknown {word} {value!r}; there are: {', '.join(known)}")
    return value


def _checked_schedule(name: object) -> str:
    if not isinstance(name, str):
        raise InputError(f"a schedule is a name, not {name!r}")
    return schedule.canonical(name)


def _checked_steps(steps: object) -> int | None:
    if steps is None:
        return None
    if not (is_whole(steps) and steps >= 1):
        raise InputError(f"steps must be a whole number from 1, not {steps!r}")
    return int(steps)


def _checked_seeds(seeds: object) -> tuple[int, ...]:
    """The seeds: those that are listed, or the first so many."""
    found: list[int] = []
    for seed in range(int(seeds)) if is_whole(seeds) else _entries(seeds):
        if not (is_whole(seed) and 0 <= seed < 2**32):
            raise InputError(f"seeds must be whole numbers from 0 to 2**32 - 1, not {seed!r}")
        found.append(int(seed))
    if not found:
        raise InputError(f"seeds must be at least 1, not {seeds!r}")
    return tuple(dict.fromkeys(found))


def _entries(seeds: Any) -> list[Any]:
    is_list = isinstance(seeds, Sequence | np.ndarray)
    return list(cast("Sequence[Any]", seeds)) if is_list else [seeds]


def _width(problem: Problem, optimizer: Optimizer) -> int:
    layout = tensor_layout(problem.shapes)
    state = optimizer.initial_state(np.zeros((problem.dim, 1)), layout).shape[0]
    bytes_a_lane = 8 * (2 * problem.dim + state)
    return max(PANEL, min(WIDEST, WORKING_SET // bytes_a_lane // PANEL * PANEL))
