"""A run by hand: the same compiled update kernel as in the loop, in a loop of your own."""

from typing import TYPE_CHECKING

import numpy as np

from . import random
from .blas import one_thread
from .block import padded, padded_seeds, tensor_layout
from .grammar import InputError, unknown
from .signatures import DTYPES
from .stepper import no_gradient_kernel, update_once_kernel

if TYPE_CHECKING:
    from .optimizer import Optimizer


class Walk:
    """One run of an optimizer, stepped by the caller.

    x : the point (n,) at which the next gradient is wanted.  t : updates done.  slots : name ->
    (n,).
    reported : the point to evaluate, x unless the rule averages.
    """

    def __init__(
        self,
        optimizer: "Optimizer",
        x0,
        problem=None,
        shapes=None,
        dtype: str = "float64",
        seed: int = 0,
    ):
        """x0 : (n,), finite.  problem : for rules that evaluate again, and problems that project x.
        seed : for these, and for
        rules that draw random numbers.  shapes : ((name, shape), ...) of x's tensors.

        Raises InputError for a start, shapes, a dtype or a seed that don't fit.
        """
        if dtype not in DTYPES:
            raise unknown("dtype", str(dtype), DTYPES)
        start = np.asarray(x0, dtype=dtype)
        if start.ndim != 1 or start.size == 0 or not np.isfinite(start).all():
            raise InputError(f"x0 must be a finite vector (n,), not of shape {start.shape}")
        if shapes is None:
            shapes = problem.shapes if problem is not None else (("x", start.shape),)
        if sum(int(np.prod(shape)) for _, shape in shapes) != start.size:
            raise InputError(f"the shapes {shapes} don't sum to the {start.size} coordinates of x0")
        self.optimizer, self.dtype, self.t = optimizer, dtype, 0
        self._x = padded(start[:, None])
        if problem is None and (optimizer.evaluations != 1 or optimizer.chain.uses("minimum")):
            raise InputError(
                f"{optimizer.name} evaluates the problem or uses its minimum: give start(x0,"
                " problem=...)"
            )
        lanes = self._x.shape[1]
        self._layout = tensor_layout(shapes)
        self._state = optimizer.initial_state(self._x, self._layout)
        self._settings = optimizer.setting_values(problem.minimum if problem is not None else None)
        self._problem, self._seed = problem, seed
        self._compile()
        self._data = problem.data_as(dtype) if problem is not None else np.zeros(0, dtype)
        self._keys = padded_seeds(
            problem.keys([seed]) if problem is not None else random.mix("", [seed])
        )
        self._evaluations = np.zeros(lanes, np.int64)
        # products have the same bits as in a sweep: on one thread
        again = problem is not None and problem.samples > 0 and optimizer.evaluations != 1
        self._multiplies = again or any(rule.per == "matrix" for rule in optimizer.rules)
        self._lr = np.full(lanes, np.nan if optimizer.lr is None else optimizer.lr)

    def _compile(self) -> None:
        problem = self._problem
        self._update = self.optimizer.kernel(
            self.dtype
        )  # one walk goes on as it began, whatever is edited meanwhile
        self._gradient = (
            problem.kernel(self.dtype) if problem is not None else no_gradient_kernel(self.dtype)
        )
        self._project = problem.projection(self.dtype) if problem is not None else None

    def __getstate__(self) -> dict:
        # kernels belong to a process: where a walk is loaded, they are compiled or found in the
        # cache
        return {
            word: value
            for word, value in vars(self).items()
            if word not in ("_gradient", "_project", "_update")
        }

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self._compile()

    def step(self, g, loss: float | None = None, scale: float = 1.0) -> np.ndarray:
        """One update with gradient g (n,), loss at x for rules that use it, and lr times scale;
        returns the new x.

        Raises InputError for a gradient of another shape, or without a loss that the rule needs.
        """
        slope = np.asarray(g, dtype=self.dtype)
        if slope.shape != self.x.shape:
            raise InputError(f"the gradient's shape {slope.shape} is not that of x, {self.x.shape}")
        if loss is None and self.optimizer.chain.uses("loss"):
            raise InputError(f"{self.optimizer.name} uses the loss at x: give step(g, loss=...)")
        self.t += 1
        rows = (
            self._problem.rows(self._seed, self.t)
            if self._problem is not None
            else np.zeros(0, np.int64)
        )
        losses = np.full(self._x.shape[1], np.nan if loss is None else loss)
        with one_thread(self._multiplies):
            update_once_kernel(self.dtype)(
                self._gradient,
                self._update,
                self._project or self._gradient,
                self._project is not None,
                self._x,
                padded(slope[:, None]),
                losses,
                float(self.t),
                float(scale),
                self._state,
                self._settings,
                self._lr,
                self._layout,
                self._data,
                rows,
                self._keys,
                self._evaluations,
            )
        return self.x

    @property
    def x(self) -> np.ndarray:
        """The point where the next gradient is wanted, (n,), a copy."""
        return self._x[:, 0].copy()

    @property
    def slots(self) -> dict[str, np.ndarray]:
        """The rule's state by slot name, copies: (n,), or slots of other shapes flat, tensor after
        tensor.
        """
        return {
            name: self._state[rows, 0].copy()
            for name, rows in self.optimizer.slot_rows(self._layout).items()
        }

    @property
    def reported(self) -> np.ndarray:
        """The point to evaluate: x, or the rule's average."""
        return self.x if self.optimizer.reported is None else self.slots[self.optimizer.reported]
