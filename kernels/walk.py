"""A run by hand: the same compiled update kernel as in the loop, in a loop of your own."""

from typing import TYPE_CHECKING

import numpy as np

from .blas import one_thread
from .grammar import InputError, unknown
from .groups import Kernels, setup_of
from .no_problem import no_feed, no_gradient_kernel
from .padding import tensor_layout
from .signatures import DTYPES
from .stepper import Stepper

if TYPE_CHECKING:
    from .optimizer import Optimizer


class Walk:
    """One run of an optimizer, stepped by the caller.

    x : the point (n,) at which the next gradient is wanted.  t : updates done.
    slots : name -> (n,).
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
        seed : for these, and for rules that draw random numbers.
        shapes : ((name, shape), ...) of x's tensors.

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
        if problem is None and (optimizer.evaluations != 1 or optimizer.chain.uses("minimum")):
            raise InputError(
                f"{optimizer.name} evaluates the problem or uses its minimum: give start(x0,"
                " problem=...)"
            )
        self.optimizer, self._problem = optimizer, problem
        self._layout, column = tensor_layout(shapes), start[:, None]
        self._stepper = Stepper(
            self._kernels(dtype),
            column,
            optimizer.initial_state(column, self._layout),
            no_feed([seed], dtype) if problem is None else problem.feed([seed], dtype),
            setup_of(
                optimizer,
                np.full(1, np.nan if optimizer.lr is None else optimizer.lr),
                self._layout,
                None if problem is None else problem.minimum,
            ),
            dtype,
        )
        self._needs_loss = optimizer.chain.uses("loss")
        # products have the same bits as in a sweep: on one thread
        again = problem is not None and self._stepper.multiplies and optimizer.evaluations != 1
        self._multiplies = again or any(rule.per == "matrix" for rule in optimizer.rules)

    def _kernels(self, dtype: str) -> Kernels:
        # found once: a walk goes on as it began, whatever is edited meanwhile
        problem, update = self._problem, self.optimizer.kernel(dtype)
        if problem is None:
            return Kernels(no_gradient_kernel(dtype), update)
        return Kernels(problem.kernel(dtype), update, problem.projection(dtype))

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self._stepper.kernels = self._kernels(self.dtype)

    def step(self, g, loss: float | None = None, scale: float = 1.0) -> np.ndarray:
        """One update with gradient g (n,), loss at x for rules that use it, and lr times scale;
        returns the new x.

        Raises InputError for a gradient of another shape, or without a loss that the rule needs.
        """
        slope = np.asarray(g, dtype=self.dtype)
        if slope.shape != self._stepper.x.shape[:1]:
            raise InputError(f"the gradient's shape {slope.shape} is not that of x, {self.x.shape}")
        if loss is None and self._needs_loss:
            raise InputError(f"{self.optimizer.name} uses the loss at x: give step(g, loss=...)")
        with one_thread(self._multiplies):
            self._stepper.step(slope[:, None], np.nan if loss is None else loss, scale)
        return self.x

    def steps(self, gradients) -> np.ndarray:
        """Many updates in one call, with gradients (T, n) that don't depend on x: the points
        (T, n) after each.

        Raises InputError for gradients of another shape, and for a rule that needs losses.
        """
        slopes = np.asarray(gradients, dtype=self.dtype)
        if slopes.ndim != 2 or slopes.shape[1:] != self._stepper.x.shape[:1]:
            raise InputError(
                f"the gradients' shape {slopes.shape} is not (T, n) with x of {self.x.shape}"
            )
        if self._needs_loss:
            raise InputError(f"{self.optimizer.name} uses the loss at x: call step(g, loss=...)")
        with one_thread(self._multiplies):
            return self._stepper.steps(slopes[:, :, None])[:, :, 0]

    @property
    def t(self) -> int:
        """Updates done."""
        return self._stepper.t

    @property
    def dtype(self) -> str:
        """The storage dtype."""
        return self._stepper.dtype

    @property
    def x(self) -> np.ndarray:
        """The point where the next gradient is wanted, (n,), a copy."""
        return self._stepper.x[:, 0].copy()

    @property
    def slots(self) -> dict[str, np.ndarray]:
        """The rule's state by slot name, copies: (n,), or slots of other shapes flat, tensor after
        tensor.
        """
        return {
            name: self._stepper.state[rows, 0].copy()
            for name, rows in self.optimizer.slot_rows(self._layout).items()
        }

    @property
    def reported(self) -> np.ndarray:
        """The point to evaluate: x, or the rule's average."""
        return self.x if self.optimizer.reported is None else self.slots[self.optimizer.reported]
