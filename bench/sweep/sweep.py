"""A sweep as data: what is asked, which runs it means, which blocks they form."""

import math
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from ...kernels import schedule
from ...kernels.digests import digest
from ...kernels.grammar import InputError
from ...kernels.optimizer import Optimizer
from ...kernels.padding import padded, tensor_layout
from ...kernels.signatures import DTYPES, PANEL
from ...problems import registry as problems
from ...problems.problem import Problem
from ..plugins import discovery
from ..plugins.misnamed import warn_of_misnamed
from . import suites
from .code_digests import problem_source, readable, rule_source, run_source, written_settings

STOPS = ("budget", "target")
SEEDS = 5
LR_COUNT = 9
"""Seeds and learning rates of a sweep that names none."""
WIDEST = 256
"""Lanes of the widest block: beyond it, the lanes of a small problem leave the first-level
cache.
"""
WORKING_SET = 512 * 1024
"""Bytes of x, g and slots above which a block gets fewer lanes: half a second-level cache."""


@dataclass(frozen=True, eq=False)
class Block:
    """The lanes computed by one compiled call: one problem, optimizer, schedule and budget; lr and
    seed per lane.

    lrs : (L,), NaN for a rule without lr.  seeds : int64 (L,).
    """

    problem: Problem
    optimizer: Optimizer
    schedule: str
    steps: int
    stop: str
    dtype: str
    lrs: np.ndarray
    seeds: np.ndarray

    def only(self, lanes: np.ndarray) -> "Block":
        """The block with these lanes alone: a mask or indices."""
        part = replace(self, lrs=self.lrs[lanes], seeds=self.seeds[lanes])
        if "source" in vars(self):  # the same for all lanes, and dear to compute
            vars(part)["source"] = self.source
        return part

    @property
    def settings(self) -> str:
        """All settings but lr, as canonical JSON."""
        return written_settings(self.optimizer)

    @cached_property
    def source(self) -> str:
        """Digest of what decides these runs beside their names: the rule's, problem's and loop's
        code, the values of all settings and parameters, which names leave out where they are
        defaults, and the data.
        """
        if not (readable(self.optimizer) and readable(self.problem)):
            return uuid.uuid4().hex[:16]  # never found again: an edit couldn't be noticed
        return run_source(
            rule_source(self.optimizer), problem_source(self.problem), self.multipliers
        )

    def names(self) -> list[str]:
        """What a run *is*, apart from its code, a digest a lane: names, lr, schedule, seed, dtype,
        steps, stop.
        """
        shared = [self.problem.name, self.optimizer.name, self.schedule, self.dtype]
        head = "\n".join([*shared, str(self.steps), self.stop])
        return [
            digest(f"{head}\n{lr!r}\n{seed}")
            for lr, seed in zip(self.lrs.tolist(), self.seeds.tolist(), strict=True)
        ]

    @property
    def multipliers(self) -> np.ndarray:
        """The schedule over the updates that the budget of gradient evaluations pays for, filled up
        to (steps,).
        """
        updates = -(-self.steps // max(1, self.optimizer.evaluations))
        return np.pad(
            schedule.multipliers(self.schedule, updates), (0, self.steps - updates), mode="edge"
        )

    @property
    def work(self) -> float:
        """A rough measure of the block's cost, to start long blocks first."""
        rows = self.problem.data_set.batch or self.problem.data_set.samples or 1
        return float(self.steps * padded(self.lrs).size * self.problem.dim * rows)


@dataclass(frozen=True, eq=False)
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
            problem,
            optimizer,
            self.schedule,
            self.steps or problem.budget,
            self.stop,
            self.dtype,
            np.tile(lrs, seeds.size),
            np.repeat(seeds, lrs.size),
        )
        width = _width(problem, optimizer)
        # the mini-batch order is the seed's: lanes that share a matrix product share the seed
        groups = (
            [whole.only(whole.seeds == seed) for seed in seeds]
            if problem.data_set.batch
            else [whole]
        )
        for group in groups:
            for first in range(0, group.lrs.size, width):
                yield group.only(np.arange(first, min(first + width, group.lrs.size)))


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


def _takes(optimizer: Optimizer, lr: float) -> bool:
    try:
        optimizer.configured(lr=lr)
    except InputError:
        return False
    return True


def recording_grid(steps: int) -> np.ndarray:
    """The recorded steps of a run: about 100, half evenly and half logarithmically spaced, always
    with 0 and the last.
    """
    even = np.linspace(0, steps, 51)
    logarithmic = np.geomspace(1, steps, 64)
    return np.unique(np.rint(np.concatenate([even, logarithmic])).astype(np.int64))


def plan(
    problems: Iterable | None,
    optimizers: Iterable | None,
    lrs: Sequence[float] | np.ndarray | float | None,
    seeds: int | Sequence[int],
    steps: int | None,
    schedule_name: str,
    stop: str,
    dtype: str,
    lr_count: int = LR_COUNT,
) -> Sweep:
    """Check what was asked (names or objects) and return it as a Sweep. Raises InputError for wrong
    words and values.
    """
    if not (_whole(lr_count) and 1 <= lr_count <= 99 and lr_count % 2):
        raise InputError(f"lr_count must be an odd whole number from 1 to 99, not {lr_count!r}")
    if dtype not in DTYPES:
        raise InputError(f"unknown dtype {dtype!r}; there are: {', '.join(DTYPES)}")
    if stop not in STOPS:
        raise InputError(f"unknown stop {stop!r}; there are: {', '.join(STOPS)}")
    if steps is not None and not (_whole(steps) and steps >= 1):
        raise InputError(f"steps must be a whole number from 1, not {steps!r}")
    names = discovery.default_optimizers() if optimizers is None else _listed(optimizers)
    everyone = [
        discovery.list_optimizers() if isinstance(o, str) and o == "all" else [o] for o in names
    ]
    asked = [_optimizer(o) for o in chain.from_iterable(everyone)]
    for optimizer in dict.fromkeys(asked):
        warn_of_misnamed(optimizer)
    return Sweep(
        _unique(
            suites.default_problems()
            if problems is None
            else [_problem(p) for p in _listed(problems)]
        ),
        _unique(asked),
        _grids(asked, None if lrs is None else _checked_lrs(lrs), lr_count),
        _checked_seeds(seeds),
        None if steps is None else int(steps),
        schedule.canonical(schedule_name),
        stop,
        dtype,
    )


def of_words(words: Mapping[str, Any]) -> Sweep:
    """The Sweep that these words mean, as a suite or a sweep file has them (suites.SWEEP_WORDS).

    Raises InputError for wrong words and values.
    """
    if words.get("lrs") is not None and words.get("lr_count") is not None:
        raise InputError(
            "lrs and lr_count are two ways to say which learning rates; give one of them"
        )
    named = suites.asked_problems(words) if "kinds" in words else words.get("problems")
    return plan(
        named,
        words.get("optimizers"),
        words.get("lrs"),
        words.get("seeds", SEEDS),
        words.get("steps"),
        words.get("schedule", "constant"),
        words.get("stop", "budget"),
        words.get("dtype", "float64"),
        words.get("lr_count", LR_COUNT),
    )


def _listed(words: Iterable) -> list:
    return [words] if isinstance(words, (str, Optimizer, Problem, problems.Family)) else list(words)


def _problem(word) -> Problem:
    if isinstance(word, str):
        return discovery.get_problem(word)
    made = word.problem() if isinstance(word, problems.Family) else word
    if not isinstance(made, Problem):
        raise InputError(f"problems are names or Problem objects, not {word!r}")
    if not made.family:
        raise InputError("a Problem made by hand needs a name: Problem(..., family='mine')")
    return made


def _optimizer(word) -> Optimizer:
    if isinstance(word, str):
        return discovery.get_optimizer(word)
    if not isinstance(word, Optimizer):
        raise InputError(f"optimizers are names or Optimizer objects, not {word!r}")
    return word


def _unique(things: Iterable) -> tuple:
    found: dict = {}
    for thing in things:
        twin = found.setdefault(thing.name, thing)
        if isinstance(thing, Problem) and thing.digest != twin.digest:
            raise InputError(
                f"two different problems are called {thing.name!r}; give one another family"
            )
        if isinstance(thing, Optimizer) and (thing.chain, thing.written) != (
            twin.chain,
            twin.written,
        ):
            raise InputError(
                f"two different optimizers are called {thing.name!r}; give one another name"
            )
    if not found:
        raise InputError(
            "nothing to run: give at least one problem and one optimizer (optbench list)"
        )
    return tuple(found.values())


def _grids(
    optimizers: Iterable[Optimizer], lrs: tuple[float, ...] | None, count: int
) -> dict[str, tuple[float, ...]]:
    """The learning rates of each name; one that is asked for with several centres gets all their
    grids.
    """
    grids: dict[str, set[float]] = {}
    for optimizer in optimizers:
        if optimizer.lr is None:
            own = ()
        elif optimizer.one_lr:  # a name with its rate, which goes before a grid
            own = (optimizer.lr,)
        else:
            own = own_lrs(optimizer, count) if lrs is None else lrs
            for lr in own:
                optimizer.configured(lr=lr)  # raises where the rule's range doesn't hold it
        grids.setdefault(optimizer.name, set()).update(own)
    return {name: tuple(sorted(grid)) or (math.nan,) for name, grid in grids.items()}


def _checked_lrs(lrs: Sequence[float] | np.ndarray | float) -> tuple[float, ...]:
    try:
        values = [float(lr) for lr in np.atleast_1d(np.asarray(lrs, float))]
    except (TypeError, ValueError) as error:
        raise InputError(f"learning rates must be numbers, not {lrs!r}") from error
    for lr in values:
        if not (math.isfinite(lr) and lr > 0):
            raise InputError(f"a learning rate must be positive and finite, not {lr!r}")
    if not values:
        raise InputError("no learning rate given")
    return tuple(dict.fromkeys(values))


def _checked_seeds(seeds: int | Sequence[int]) -> tuple[int, ...]:
    if _whole(seeds):
        listed = list(range(int(seeds)))  # type: ignore[arg-type]
    else:
        listed = list(seeds) if isinstance(seeds, Sequence | np.ndarray | range) else [seeds]
    for seed in listed:
        if not (_whole(seed) and 0 <= seed < 2**32):
            raise InputError(f"seeds must be whole numbers from 0 to 2**32 - 1, not {seed!r}")
    if not listed:
        raise InputError(f"seeds must be at least 1, not {seeds!r}")
    return tuple(dict.fromkeys(int(seed) for seed in listed))


def _whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _width(problem: Problem, optimizer: Optimizer) -> int:
    layout = tensor_layout(problem.shapes)
    state = optimizer.initial_state(np.zeros((problem.dim, 1)), layout).shape[0]
    bytes_a_lane = 8 * (2 * problem.dim + state)
    return max(PANEL, min(WIDEST, WORKING_SET // bytes_a_lane // PANEL * PANEL))
