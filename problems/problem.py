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
import numpy.typing as npt

from ..kernels import grammar, random, sources
from ..kernels.groups import Feed
from . import kinds
from .data_set import DataSet, read_only, take_flat_fields
from .feeding import call, feed_of
from .formula import gradient_kernel, projection_kernel
from .problem_digest import digest_of
from .transform import Transform, transformed_kernel

TAUS = (1e-1, 1e-3, 1e-5)
"""Targets unless stated otherwise, as fractions of the seed-0 gap: More & Wild (2009), SIAM J.
Optim. 20(1), eq. 2.1.
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
    data_set : the formula's `data`, its mini-batches and metric. The fields of a DataSet may be
    given here too: `Problem(..., data=numbers)`.
    shapes : ((name, shape), ...), x's parameter tensors in C order.
    kind : one of kinds.KINDS.  tags : some of kinds.TAGS.
    noisy : the formula's gradient at update `step` is not the objective's (it draws noise from seed
    and step).
    project : `project(x)` moves x (n,) of one run back into the feasible set, in place, after each
    update.
    start_loss, least_loss : f(start of seed 0) and f* as published, digits as text: "4171.306".
    family, parameters, defaults, maker : filled in by @problem; a Problem made by hand needs a
    family, its name.
    transform : filled in where a name asks for one (`rotated`, `noise=0.1`): the formula seen in
    other coordinates.

    Arrays are copied and can't be written. Raises InputError for sizes that don't fit.
    """

    formula: Callable[..., Any]
    center: np.ndarray
    spread: np.ndarray | float
    budget: int
    source: str
    published: bool = True
    minimum: float | None = None
    minimizers: np.ndarray | None = None
    taus: tuple[float, ...] = TAUS
    levels: tuple[float, ...] | None = None
    data_set: DataSet = field(default_factory=DataSet)
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    kind: str = "analytic"
    tags: tuple[str, ...] = ()
    noisy: bool = False
    project: Callable[..., Any] | None = None
    start_loss: str = ""
    least_loss: str = ""
    family: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    maker: Callable[..., Any] | None = None
    transform: Transform | None = None

    def __post_init__(self):
        object.__setattr__(self, "center", read_only(self.center))
        if self.minimizers is not None:
            object.__setattr__(self, "minimizers", read_only(self.minimizers))
        if self.center.ndim != 1 or self.data_set.data.ndim != 1:
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
        kinds.check(self.family, self.kind, self.tags)

    @property
    def name(self) -> str:
        """The name in the grammar: `rosenbrock[dim=10]`."""
        return grammar.write(self.family, self.parameters, self.defaults)

    @property
    def dim(self) -> int:
        """How many coordinates x has."""
        return self.center.size

    @property
    def deterministic(self) -> bool:
        """Whether seed and step change nothing of what the loop feeds a rule: the loss that comes
        with each gradient is the full, noise-free objective.
        """
        noise = self.transform.noise if self.transform else 0.0
        return self.data_set.batch == 0 and not self.noisy and not noise

    @property
    def delay(self) -> int:
        """How many updates old the gradient is that the loop feeds a rule."""
        return self.transform.delay if self.transform else 0

    @property
    def owner(self) -> str:
        """The module that brought the problem, or where it is made by hand its formula."""
        return (self.maker or self.formula).__module__

    @property
    def targets(self) -> tuple[float, ...]:
        """Loss levels that count as solved, easiest first, the same for every seed."""
        if self.levels is not None:
            return self.levels
        if self.minimum is None:
            return ()
        # a function that the formula calls may be another one now
        state = sources.state(self.formula)
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
        # a start without a finite loss has no target either
        targets = [level for level in self.targets if np.isfinite(level)]
        if self.minimum is None:
            return np.array(targets)
        floor = 4 * np.finfo(dtype).eps * max(1.0, abs(self.minimum))
        return np.array([level for level in targets if level - self.minimum >= floor])

    def kernel(self, dtype: str = "float64") -> Callable[..., Any]:
        """The formula compiled over lanes: the gradient signature of kernels/signatures.py."""
        if self.transform:
            return transformed_kernel(self.formula, dtype)
        return gradient_kernel(self.formula, dtype)

    def projection(self, dtype: str = "float64") -> Callable[..., Any] | None:
        """`project` compiled over lanes, with the gradient signature; None for a problem
        without.
        """
        return None if self.project is None else projection_kernel(self.project, dtype)

    def data_as(self, dtype: str, held_out: bool = False) -> np.ndarray:
        """The data in the storage dtype, as kernels take it: the transform's first, then the
        formula's.
        """
        if (dtype, held_out) not in self._stored:
            own = self.data_set.held_out if held_out else self.data_set.data
            parts = [self.transform.data, own] if self.transform else [own]
            self._stored[dtype, held_out] = np.concatenate(parts).astype(dtype)
        return self._stored[dtype, held_out]

    @cached_property
    def _stored(self) -> dict[tuple[str, bool], np.ndarray]:
        return {}

    @cached_property
    def digest(self) -> str:
        """What a run depends on beside the code and its name: all fields that
        problem_digest.IGNORED doesn't name.
        """
        return digest_of(self)

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

    def feed(self, seeds: Sequence[int] | np.ndarray, dtype: str = "float64") -> Feed:
        """What the loop feeds a rule on lanes of these seeds."""
        return feed_of(self, seeds, dtype)

    def rows(self, seed: int, step: int) -> np.ndarray:
        """The data rows that update `step` = 1, 2, ... sees: int64."""
        return self.data_set.rows(self.keys([seed])[0], step)

    def values(self, points: npt.ArrayLike) -> np.ndarray:
        """The full, noise-free objective at many points (n, L) at once: (L,)."""
        return self._alone(points, held_out=False)[0]

    def metrics(self, points: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """The metric at many points (n, L) on the training rows and on those held out: (L,) each.

        Raises InputError where the problem has no metric.
        """
        if not self.data_set.metric:
            raise grammar.InputError(
                f"{self.name} has no metric; problems on data have one (optbench list problems)"
            )
        return self._alone(points, held_out=False)[1], self._alone(points, held_out=True)[1]

    def _alone(self, points: npt.ArrayLike, held_out: bool) -> tuple[np.ndarray, np.ndarray]:
        """The loss and what the formula leaves in g[0] when it is asked for the loss alone."""
        samples = self.data_set.held_out_samples if held_out else self.data_set.samples
        seeds = np.zeros(np.shape(points)[1], int)
        loss, g = self._call(points, seeds, np.arange(samples), -1, held_out)
        return loss, g[0]

    def value_and_grad(self, x: npt.ArrayLike) -> tuple[float, np.ndarray]:
        """The full, noise-free objective at x (n,) and its gradient (n,), float64.

        Raises InputError where x has another shape.
        """
        return self._evaluate(x, np.arange(self.data_set.samples), seed=0, step=0)

    def gradient(self, x: npt.ArrayLike, seed: int = 0, step: int = 1) -> tuple[float, np.ndarray]:
        """What the loop feeds a rule at update `step` = 1, 2, ...: loss and gradient, mini-batch
        and noise included.

        Where the problem's name has a delay, the loop feeds the gradient of an earlier x: a loop of
        your own has to keep its earlier x. Raises InputError for a step below 1 and where x has
        another shape.
        """
        if step < 1:
            raise grammar.InputError(f"step {step}: updates are numbered from 1")
        return self._evaluate(x, self.rows(seed, step), seed, step)

    def _evaluate(
        self, x: npt.ArrayLike, rows: np.ndarray, seed: int, step: int
    ) -> tuple[float, np.ndarray]:
        point = np.asarray(x, np.float64)
        if point.shape != (self.dim,):
            raise grammar.InputError(
                f"{self.name}: x must have shape ({self.dim},), not {point.shape}"
            )
        loss, g = self._call(point[:, None], [seed], rows, step)
        return float(loss[0]), g[:, 0].copy()

    def _call(
        self,
        points: npt.ArrayLike,
        seeds: Sequence[int] | np.ndarray,
        rows: np.ndarray,
        step: int,
        held_out: bool = False,
    ) -> tuple[np.ndarray, np.ndarray]:
        data = self.data_as("float64", held_out)
        return call(self.kernel(), points, data, rows, self.keys(seeds), step)

    def __copy__(self) -> "Problem":
        return self  # nothing of it can be changed

    def __deepcopy__(self, memo: dict[int, Any]) -> "Problem":
        return self

    def __repr__(self) -> str:
        return f"<problem {self.name}, dim {self.dim}, from {self.owner}>"


take_flat_fields(Problem)
