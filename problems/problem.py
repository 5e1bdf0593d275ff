"""THE PROBLEM API: `@problem` registers a function that makes a Problem from its parameters.

Its formula is a loss with its gradient, in either form of formula.py.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, overload

import numpy as np

from ..kernels import grammar, random, sources
from ..kernels.blas import one_thread
from ..kernels.block import padded
from ..kernels.cache import digest as cache_digest
from .formula import gradient_kernel

TAUS = (1e-1, 1e-3, 1e-5)
"""Targets unless stated otherwise, as fractions of the seed-0 gap: More & Wild (2009), SIAM J. Optim. 20(1), eq. 2.1."""

_registry: dict[str, "Family"] = {}


@dataclass(frozen=True, eq=False)
class Problem:
    """A loss with its gradient, and all that a comparison needs to know of it.

    formula : the loss and gradient, in either form of formula.py.
    center, spread : the start is center + spread * z with z standard normal, (n,) each or a number for spread.
    budget : gradient evaluations.  source : where the problem comes from.
    published : seed 0 starts at center itself.
    minimum : f*, None where unknown.  minimizers : (k, n), None where unknown.
    taus : targets are f* + tau (f(start of seed 0) - f*); `levels` names loss levels instead, easiest first.
    data : flat float64, the formula's `data`.  samples, batch : rows of the data set and of a mini-batch (0: all).
    shapes : ((name, shape), ...), x's parameter tensors in C order.
    family, parameters, defaults : filled in by @problem; a Problem made by hand needs a family, its name.

    Arrays are copied and can't be written. Raises InputError for sizes that don't fit.
    """

    formula: Callable
    center: np.ndarray
    spread: np.ndarray | float
    budget: int
    source: str
    published: bool = True
    minimum: float | None = None
    minimizers: np.ndarray | None = None
    taus: tuple[float, ...] = TAUS
    levels: tuple[float, ...] | None = None
    data: np.ndarray = field(default_factory=lambda: np.zeros(0))
    samples: int = 0
    batch: int = 0
    shapes: tuple = ()
    family: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        for word in ("center", "minimizers", "data"):
            value = getattr(self, word)
            if value is not None:
                fixed = np.array(value, np.float64)
                fixed.setflags(write=False)
                object.__setattr__(self, word, fixed)
        if self.center.ndim != 1 or self.data.ndim != 1:
            raise grammar.InputError(f"problem {self.family!r}: center and data must be vectors")
        if not self.shapes:
            object.__setattr__(self, "shapes", (("x", (self.dim,)),))
        if sum(int(np.prod(shape)) for _, shape in self.shapes) != self.dim:
            raise grammar.InputError(f"problem {self.family!r}: its shapes don't sum to its {self.dim} coordinates")
        if self.levels is not None and list(self.levels) != sorted(set(self.levels), reverse=True):
            raise grammar.InputError(f"problem {self.family!r}: its levels must descend, easiest first")

    @property
    def name(self) -> str:
        """The name in the grammar: `rosenbrock[dim=10]`."""
        return grammar.write(self.family, self.parameters, self.defaults)

    @property
    def dim(self) -> int:
        """How many coordinates x has."""
        return self.center.size

    @property
    def exact(self) -> bool:
        """Whether the gradient that a rule is fed is that of the full, noise-free objective."""
        return self.batch == 0

    @property
    def owner(self) -> str:
        """The module that brought the formula."""
        return self.formula.__module__

    @cached_property
    def targets(self) -> tuple[float, ...]:
        """Loss levels that count as solved, easiest first, the same for every seed."""
        if self.levels is not None:
            return self.levels
        if self.minimum is None:
            return ()
        initial = self.value_and_grad(self.start(0))[0]
        return tuple(self.minimum + tau * (initial - self.minimum) for tau in self.taus)

    def targets_for(self, dtype: str) -> np.ndarray:
        """The targets that the dtype can tell from f*: at least 4 eps max(1, |f*|) above it."""
        targets = [level for level in self.targets if np.isfinite(level)]  # a start without a finite loss has none
        if self.minimum is None:
            return np.array(targets)
        floor = 4 * np.finfo(dtype).eps * max(1.0, abs(self.minimum))
        return np.array([level for level in targets if level - self.minimum >= floor])

    def kernel(self, dtype: str = "float64") -> Callable:
        """The formula compiled over lanes: the gradient signature of kernels/signatures.py."""
        return gradient_kernel(self.formula, dtype)

    def data_as(self, dtype: str) -> np.ndarray:
        """The data in the storage dtype, as kernels take it."""
        if dtype not in self._stored:
            self._stored[dtype] = np.array(self.data, dtype)
        return self._stored[dtype]

    @cached_property
    def _stored(self) -> dict[str, np.ndarray]:
        return {}

    @cached_property
    def digest(self) -> str:
        """What a run depends on beside the code: start, data, minimum, targets, shapes and batches."""
        arrays = [self.center, np.broadcast_to(self.spread, self.center.shape), self.data]
        words = (self.published, self.minimum, self.taus, self.levels, self.samples, self.batch, self.shapes)
        return cache_digest(*(np.ascontiguousarray(part).tobytes() for part in arrays), repr(words).encode())

    def keys(self, seeds: Sequence[int] | np.ndarray) -> np.ndarray:
        """The int64 keys that kernels get for these seeds; variants of one family share them.

        Raises InputError for a seed that isn't a whole number from 0 to 2**32 - 1.
        """
        wrong = [seed for seed in np.asarray(seeds).tolist() if not isinstance(seed, int) or not 0 <= seed < 2**32]
        if wrong:
            raise grammar.InputError(f"a seed must be a whole number from 0 to 2**32 - 1, not {wrong[0]!r}")
        return random.mix(self.family, seeds)

    def starts(self, seeds: Sequence[int] | np.ndarray) -> np.ndarray:
        """The starts of several seeds, (n, len(seeds)) float64."""
        drawn = random.start_normals(self.keys(seeds), self.dim)
        if self.published:
            drawn[:, np.asarray(seeds) == 0] = 0.0
        spread = np.broadcast_to(self.spread, self.center.shape)
        return self.center[:, None] + spread[:, None] * drawn

    def start(self, seed: int = 0) -> np.ndarray:
        """The start of a seed, (n,) float64, the same for every optimizer and learning rate."""
        return self.starts([seed])[:, 0]

    def rows(self, seed: int, step: int) -> np.ndarray:
        """The data rows that update `step` = 1, 2, ... sees: int64."""
        if not self.batch:
            return np.arange(self.samples)
        return random.mini_batch(self.keys([seed])[0], step, self.samples, self.batch)

    def values(self, points) -> np.ndarray:
        """The full, noise-free objective at many points (n, L) at once: (L,)."""
        lanes = padded(np.asarray(points, np.float64))
        loss, keys = np.zeros(lanes.shape[1]), np.full(lanes.shape[1], self.keys([0])[0])
        self.kernel()(lanes, np.zeros_like(lanes), loss, self.data_as("float64"), np.arange(self.samples), keys, -1)
        return loss[: np.shape(points)[1]]

    def value_and_grad(self, x) -> tuple[float, np.ndarray]:
        """The full, noise-free objective at x (n,) and its gradient (n,), float64."""
        return self._evaluate(x, np.arange(self.samples), seed=0, step=0)

    def gradient(self, x, seed: int = 0, step: int = 1) -> tuple[float, np.ndarray]:
        """What the loop feeds a rule at update `step` = 1, 2, ...: loss and gradient, mini-batch and noise included."""
        if step < 1:
            raise grammar.InputError(f"step {step}: updates are numbered from 1")
        return self._evaluate(x, self.rows(seed, step), seed, step)

    def _evaluate(self, x, rows: np.ndarray, seed: int, step: int) -> tuple[float, np.ndarray]:
        point = np.asarray(x, np.float64)
        if point.shape != (self.dim,):
            raise grammar.InputError(f"{self.name}: x must have shape ({self.dim},), not {point.shape}")
        lanes = padded(point[:, None])
        g, loss = np.zeros_like(lanes), np.zeros(lanes.shape[1])
        keys = np.full(lanes.shape[1], self.keys([seed])[0])
        with one_thread(self.samples > 0):
            self.kernel()(lanes, g, loss, self.data_as("float64"), rows, keys, step)
        return float(loss[0]), g[:, 0].copy()

    def __repr__(self) -> str:
        return f"<problem {self.name}, dim {self.dim}, from {self.owner}>"


@dataclass(frozen=True, eq=False)
class Family:
    """A registered problem: `make` with its parameters' defaults, and the variants that the default sweep adds."""

    name: str
    make: Callable[..., Problem]
    defaults: Mapping[str, Any]
    variants: tuple[Mapping[str, Any], ...]

    def problem(self, **given: object) -> Problem:
        """The problem with these parameters. Raises InputError for unknown ones or values out of range."""
        values = grammar.fill("parameter", self.name, given, self.defaults)
        try:
            made = self.make(**values)
        except grammar.InputError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
            raise grammar.InputError(f"problem {self.name!r} can't be made: {reason}") from error
        if not isinstance(made, Problem):
            raise grammar.InputError(f"problem {self.name!r} can't be made: its function returned {type(made).__name__}")
        sources.remember(self.make)
        sources.remember(made.formula)
        return replace(made, family=self.name, parameters=values, defaults=self.defaults)

    __call__ = problem


@overload
def problem(make: Callable[..., Problem]) -> Family: ...
@overload
def problem(*, variants: Sequence[Mapping[str, Any]] = ()) -> Callable[[Callable[..., Problem]], Family]: ...
def problem(make=None, *, variants=()) -> Any:
    """Register a function that returns a Problem; its arguments, all with defaults, are the problem's parameters.

    variants : parameters of further problems that the default sweep holds.
    Raises InputError where an argument has no default or another owner has the name.
    """
    if make is None:
        return lambda function: _register(function, tuple(variants))
    return _register(make, ())


def _register(make: Callable, variants: tuple) -> Family:
    name = make.__name__
    parameters = inspect.signature(make).parameters
    bare = [word for word, p in parameters.items() if p.default is p.empty]
    if bare:
        raise grammar.InputError(f"problem {name!r}: its parameter {bare[0]!r} needs a default")
    known = _registry.get(name)
    if known is not None and known.make.__module__ != make.__module__:
        raise grammar.InputError(f"problem {name!r} is registered twice: by {known.make.__module__} and by {make.__module__}")
    _registry[name] = Family(name, make, {word: p.default for word, p in parameters.items()}, variants)
    return _registry[name]


def registered() -> dict[str, Family]:
    """All families registered so far, by name, sorted."""
    return dict(sorted(_registry.items()))


def find(name: str, **given: object) -> Problem:
    """The problem of that name in the grammar, with parameters. Raises InputError (a ValueError) for unknown words."""
    family, inside = grammar.parse(name)
    if family not in _registry:
        raise grammar.unknown("problem", family, _registry, "optbench list problems")
    try:
        return _made(family, tuple(sorted({**inside, **given}.items())), _registry[family])
    except TypeError as error:  # a list can't be a parameter's value
        raise grammar.InputError(f"problem {family!r}: a parameter's value must be a number or a word") from error


@cache
def _made(name: str, given: tuple, family: Family) -> Problem:
    return family.problem(**dict(given))
