"""THE PROBLEM API: a Problem is a loss with its gradient, and all that a comparison needs to know
of it.

Its formula is a loss with its gradient, in either form of formula.py; `@problem` in registry.py
makes it one by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..kernels import digests, grammar, random, sources
from ..kernels.blas import one_thread
from ..kernels.block import padded, padded_seeds
from .formula import gradient_kernel, projection_kernel
from .transform import Transform, transformed_kernel

TAUS = (1e-1, 1e-3, 1e-5)
"""Targets unless stated otherwise, as fractions of the seed-0 gap: More & Wild (2009), SIAM J.
Optim. 20(1), eq. 2.1.
"""

KINDS = ("analytic", "noisy", "regression", "network")
"""What a problem is: a formula; one whose gradient is not the objective's; a linear model on data;
a network.
"""
TAGS = ("multimodal", "nonsmooth", "open")
"""multimodal : local minima or saddles may hold a run up.  nonsmooth : the gradient jumps
somewhere.  open : no optimizer of the catalogue reaches the last target from seed 0, at any of its
nine learning rates.
"""


@dataclass(frozen=True, eq=False)
class Problem:
    """A loss with its gradient, and all that a comparison needs to know of it.

    formula : the loss and gradient, in either form of formula.py.
    center, spread : the start is center + spread * z with z standard normal, (n,) each or a number
    for spread.
    budget : gradient evaluations.  source : where the problem comes from.
    published : seed 0 starts at center itself.
    minimum : f*, None where unknown.  minimizers : (k, n), None where unknown.
    taus : targets are f* + tau (f(start of seed 0) - f*); `levels` names loss levels instead,
    easiest first.
    data : flat float64, the formula's `data`.  samples, batch : rows of the data set and of a
    mini-batch (0: all).
    shapes : ((name, shape), ...), x's parameter tensors in C order.
    kind : one of KINDS.  tags : some of TAGS.
    noisy : the formula's gradient at update `step` is not the objective's (it draws noise from seed
    and step).
    project : `project(x)` moves x (n,) of one run back into the feasible set, in place, after each
    update.
    metric : what the formula leaves in g[0] when it is asked for the loss alone: "accuracy", "R²",
    "loss"; "" for nothing.
    held_out, held_out_samples : the data of rows that are never trained on, like `data`.
    product_operations : floating-point operations of the matrix products in a gradient, for each
    row of data; 0: not known.
    start_loss, least_loss : f(start of seed 0) and f* as published, digits as text: "4171.306".
    family, parameters, defaults, maker : filled in by @problem; a Problem made by hand needs a
    family, its name.
    transform : filled in by a name's further words (`rotated`, `noise=0.1`): the formula seen in
    other coordinates.

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
    kind: str = "analytic"
    tags: tuple[str, ...] = ()
    noisy: bool = False
    project: Callable | None = None
    metric: str = ""
    held_out: np.ndarray = field(default_factory=lambda: np.zeros(0))
    held_out_samples: int = 0
    product_operations: int = 0
    start_loss: str = ""
    least_loss: str = ""
    family: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    maker: Callable | None = None
    transform: Transform | None = None

    def __post_init__(self):
        for word in ("center", "minimizers", "data", "held_out"):
            value = getattr(self, word)
            if value is not None:
                fixed = np.array(value, np.float64)
                fixed.setflags(write=False)
                object.__setattr__(self, word, fixed)
        if self.center.ndim != 1 or self.data.ndim != 1:
            raise grammar.InputError(f"problem {self.family!r}: center and data must be vectors")
        if self.minimizers is not None and self.minimizers.shape[1:] != self.center.shape:
            raise grammar.InputError(
                f"problem {self.family!r}: minimizers must have shape (k, {self.dim})"
            )
        if not self.shapes:
            object.__setattr__(self, "shapes", (("x", (self.dim,)),))
        if sum(int(np.prod(shape)) for _, shape in self.shapes) != self.dim:
            raise grammar.InputError(
                f"problem {self.family!r}: its shapes don't sum to its {self.dim} coordinates"
            )
        if self.levels is not None and list(self.levels) != sorted(set(self.levels), reverse=True):
            raise grammar.InputError(
                f"{self.family or 'a problem'}: its levels must descend, easiest first"
            )
        if self.kind not in KINDS:
            raise grammar.unknown(f"kind of problem {self.family!r}", self.kind, KINDS)
        for tag in self.tags:
            if tag not in TAGS:
                raise grammar.unknown(f"tag of problem {self.family!r}", tag, TAGS)

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
        """Whether the loss that comes with each gradient is the full, noise-free objective."""
        return self.batch == 0 and not self.noisy and not (self.transform and self.transform.noise)

    @property
    def delay(self) -> int:
        """How many updates old the gradient is that the loop feeds a rule."""
        return self.transform.delay if self.transform else 0

    @property
    def owner(self) -> str:
        """The module that brought the problem, or where it is made by hand its formula."""
        return (self.maker or self.formula).__module__

    @property
    def near_origin(self) -> bool:
        """Whether a known minimizer is the origin, or ten times nearer to it than to the starts:
        there shrinking x solves.
        """
        if self.minimizers is None:
            return False
        center = self.transform.back(self.center[:, None])[:, 0] if self.transform else self.center
        scale = self.transform.scale if self.transform else 1.0
        spread = np.broadcast_to(self.spread, self.center.shape) / scale
        away = np.sqrt(((center - self.minimizers) ** 2).sum(axis=1) + (spread**2).sum())
        return bool((np.linalg.norm(self.minimizers, axis=1) < 0.1 * away).any())

    @property
    def targets(self) -> tuple[float, ...]:
        """Loss levels that count as solved, easiest first, the same for every seed."""
        if self.levels is not None:
            return self.levels
        if self.minimum is None:
            return ()
        state = sources.state(
            self.formula
        )  # a function that the formula calls may be another one now
        if state not in self._initial:
            self._initial[state] = self.value_and_grad(self.start(0))[0]
        return tuple(
            self.minimum + tau * (self._initial[state] - self.minimum) for tau in self.taus
        )

    @cached_property
    def _initial(self) -> dict[str, float]:
        """The loss at the start of seed 0, by the state of the formula's code."""
        return {}

    def targets_for(self, dtype: str) -> np.ndarray:
        """The targets that the dtype can tell from f*: at least 4 eps max(1, |f*|) above it."""
        targets = [
            level for level in self.targets if np.isfinite(level)
        ]  # a start without a finite loss has none
        if self.minimum is None:
            return np.array(targets)
        floor = 4 * np.finfo(dtype).eps * max(1.0, abs(self.minimum))
        return np.array([level for level in targets if level - self.minimum >= floor])

    def kernel(self, dtype: str = "float64") -> Callable:
        """The formula compiled over lanes: the gradient signature of kernels/signatures.py."""
        if self.transform:
            return transformed_kernel(self.formula, dtype)
        return gradient_kernel(self.formula, dtype)

    def projection(self, dtype: str = "float64") -> Callable | None:
        """`project` compiled over lanes, with the gradient signature; None for a problem
        without.
        """
        return None if self.project is None else projection_kernel(self.project, dtype)

    def data_as(self, dtype: str, held_out: bool = False) -> np.ndarray:
        """The data in the storage dtype, as kernels take it: the transform's first, then the
        formula's.
        """
        if (dtype, held_out) not in self._stored:
            own = self.held_out if held_out else self.data
            parts = [self.transform.data, own] if self.transform else [own]
            self._stored[dtype, held_out] = np.concatenate(parts).astype(dtype)
        return self._stored[dtype, held_out]

    @cached_property
    def _stored(self) -> dict[tuple[str, bool], np.ndarray]:
        return {}

    @cached_property
    def digest(self) -> str:
        """What a run depends on beside the code: start, data, minimum, targets, shapes, batches and
        the transform.
        """
        arrays = [
            self.center,
            np.broadcast_to(self.spread, self.center.shape),
            self.data,
            self.held_out,
        ]
        arrays += [self.transform.data, np.array([self.transform.delay])] if self.transform else []
        words = (
            self.published,
            self.minimum,
            self.taus,
            self.levels,
            self.samples,
            self.batch,
            self.shapes,
            self.noisy,
        )
        more = (self.metric, self.held_out_samples)
        return digests.digest(
            *(np.ascontiguousarray(part).tobytes() for part in arrays), repr(words + more)
        )

    def keys(self, seeds: Sequence[int] | np.ndarray) -> np.ndarray:
        """The int64 keys that kernels get for these seeds; variants of one family share them.

        Raises InputError for a seed that isn't a whole number from 0 to 2**32 - 1.
        """
        return random.mix(self.family, seeds)

    def starts(self, seeds: Sequence[int] | np.ndarray) -> np.ndarray:
        """The starts of several seeds, (n, len(seeds)) float64."""
        drawn = random.start_normals(self.keys(seeds), self.dim)
        if self.published:
            drawn[:, np.asarray(seeds) == 0] = 0.0
        spread = np.broadcast_to(self.spread, self.center.shape)
        points = self.center[:, None] + spread[:, None] * drawn
        return self.transform.back(points) if self.transform else points

    def start(self, seed: int = 0) -> np.ndarray:
        """The start of a seed, (n,) float64, the same for every optimizer and learning rate."""
        return self.starts([seed])[:, 0]

    @property
    def steps_per_epoch(self) -> int:
        """Updates in which every row of the data is seen once, the last of them on what rows are
        left; 0 without data.
        """
        return -(-self.samples // (self.batch or self.samples)) if self.samples else 0

    def rows_seen(self, steps: int) -> int:
        """Rows of data that `steps` updates see, a row as often as it is seen."""
        epochs, rest = divmod(steps, max(1, self.steps_per_epoch))
        return epochs * self.samples + rest * self.batch

    def rows(self, seed: int, step: int) -> np.ndarray:
        """The data rows that update `step` = 1, 2, ... sees: int64."""
        if not self.batch:
            return np.arange(self.samples)
        return random.mini_batch(self.keys([seed])[0], step, self.samples, self.batch)

    def values(self, points) -> np.ndarray:
        """The full, noise-free objective at many points (n, L) at once: (L,)."""
        return self._alone(points, self.data_as("float64"), self.samples)[0]

    def metrics(self, points) -> tuple[np.ndarray, np.ndarray]:
        """The metric at many points (n, L) on the training rows and on those held out: (L,) each.

        Raises InputError where the problem has no metric.
        """
        if not self.metric:
            raise grammar.InputError(
                f"{self.name} has no metric; problems on data have one (optbench list problems)"
            )
        train = self._alone(points, self.data_as("float64"), self.samples)[1]
        return train, self._alone(
            points, self.data_as("float64", held_out=True), self.held_out_samples
        )[1]

    def _alone(self, points, data: np.ndarray, samples: int) -> tuple[np.ndarray, np.ndarray]:
        lanes = padded(np.asarray(points, np.float64))
        g, loss = np.zeros_like(lanes), np.zeros(lanes.shape[1])
        keys = padded_seeds(self.keys(np.zeros(np.shape(points)[1], int)))
        with one_thread(samples > 0):
            self.kernel()(lanes, g, loss, data, np.arange(samples), keys, -1)
        return loss[: np.shape(points)[1]], g[0, : np.shape(points)[1]]

    def value_and_grad(self, x) -> tuple[float, np.ndarray]:
        """The full, noise-free objective at x (n,) and its gradient (n,), float64."""
        return self._evaluate(x, np.arange(self.samples), seed=0, step=0)

    def gradient(self, x, seed: int = 0, step: int = 1) -> tuple[float, np.ndarray]:
        """What the loop feeds a rule at update `step` = 1, 2, ...: loss and gradient, mini-batch
        and noise included.

        Where the problem's name has a delay, the loop feeds the gradient of an earlier x: keep
        those of your own loop.
        """
        if step < 1:
            raise grammar.InputError(f"step {step}: updates are numbered from 1")
        return self._evaluate(x, self.rows(seed, step), seed, step)

    def _evaluate(self, x, rows: np.ndarray, seed: int, step: int) -> tuple[float, np.ndarray]:
        point = np.asarray(x, np.float64)
        if point.shape != (self.dim,):
            raise grammar.InputError(
                f"{self.name}: x must have shape ({self.dim},), not {point.shape}"
            )
        lanes = padded(point[:, None])
        g, loss = np.zeros_like(lanes), np.zeros(lanes.shape[1])
        keys = padded_seeds(self.keys([seed]))
        with one_thread(self.samples > 0):
            self.kernel()(lanes, g, loss, self.data_as("float64"), rows, keys, step)
        return float(loss[0]), g[:, 0].copy()

    def __copy__(self) -> "Problem":
        return self  # nothing of it can be changed

    def __deepcopy__(self, memo: dict) -> "Problem":
        return self

    def __repr__(self) -> str:
        return f"<problem {self.name}, dim {self.dim}, from {self.owner}>"
