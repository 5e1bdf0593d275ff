"""What rules are tried on: a small tilted paraboloid, its transformed twins, and gradients that are
perturbed.
"""

from collections.abc import Callable

import numpy as np

from ...kernels.groups import Kernels, setup_of
from ...kernels.optimizer import Optimizer
from ...kernels.padding import padded, padded_seeds, tensor_layout
from ...kernels.stepper import Stepper
from ...problems.orthonormal import orthonormal_columns
from ...problems.paraboloid import paraboloid_problem
from ...problems.problem import Problem

SHAPES = (("w", (3, 2)), ("b", (2,)))
"""A matrix and a vector, so that every kind of rule meets its own."""
MANY_SHAPES = (
    SHAPES,
    (("x", (1,)),),
    (("row", (1, 5)), ("column", (4, 1))),
    (("kernel", (2, 2, 3)), ("b", (3,))),
)
"""Further shapes, at whose edges an index may be wrong."""
DIM = 8
HEIGHT = 0.5
HUGE = {"float64": 1e150, "float32": 1e30}
"""Gradients whose square is still a number in float64."""
Perturbation = Callable[[int, np.ndarray, np.ndarray], None]


def orthogonal(seed: int, dim: int = DIM) -> np.ndarray:
    """A fixed rotation (dim, dim)."""
    return orthonormal_columns(np.random.default_rng(seed).normal(size=(dim, dim)))


def trial(
    turn: np.ndarray | None = None, size: float = 1.0, shift: float = 0.0, gain: float = 1.0
) -> Problem:
    """The trial problem seen through y = size turn x + shift, its objective times gain; eigenvalues
    from 0.1 to 1.

    turn : orthogonal, (n, n); None leaves the axes.
    """
    turn = np.eye(DIM) if turn is None else turn
    axes = orthogonal(1)
    matrix = (axes * np.geomspace(0.1, 1.0, DIM)) @ axes.T
    lowest = np.linspace(-1.0, 1.5, DIM)
    away = lowest + np.array([1.5, -0.8, 1.1, -1.3, 0.7, 1.9, -1.0, 0.6])
    seen = turn @ matrix @ turn.T * (gain / size**2)
    return paraboloid_problem(
        seen, size * turn @ lowest + shift, gain * HEIGHT, size * turn @ away + shift, SHAPES
    )


def distant() -> Problem:
    """A quadratic whose minimum is five times as far from the origin as from the start, which
    stands between them.
    """
    axes = orthogonal(1)
    lowest = np.linspace(4.0, 6.0, DIM) * np.where(np.arange(DIM) % 3 == 1, -1.0, 1.0)
    return paraboloid_problem(
        (axes * np.geomspace(0.1, 1.0, DIM)) @ axes.T, lowest, HEIGHT, 0.8 * lowest, SHAPES
    )


def flat() -> Problem:
    """A problem of one value, whose gradient is zero everywhere."""
    return paraboloid_problem(
        np.zeros((DIM, DIM)), np.zeros(DIM), HEIGHT, np.linspace(-1.0, 1.0, DIM), SHAPES
    )


def sphere(shapes) -> Problem:
    """Half the squared distance from (1, ..., 1), in tensors of these shapes."""
    dim = sum(int(np.prod(shape)) for _, shape in shapes)
    return paraboloid_problem(np.eye(dim), np.ones(dim), HEIGHT, np.linspace(2.0, 3.0, dim), shapes)


def perturbations(dtype: str) -> dict[str, Perturbation]:
    """Gradients as they shouldn't be, by name."""
    values = {"zero": 0.0, "huge": HUGE[dtype], "NaN": np.nan, "infinite": np.inf}
    return {name: _filling(value) for name, value in values.items()}


def _filling(value: float) -> Perturbation:
    return lambda t, x, g: g.fill(value)


def walked(
    optimizer: Optimizer,
    problem: Problem,
    steps: int,
    *,
    seeds=(0,),
    dtype: str = "float64",
    scale: float = 1.0,
    perturb: Perturbation | None = None,
    guarded: bool = True,
) -> np.ndarray:
    """The points of runs side by side, one a seed, each with the problem's gradient at its point:
    (steps + 1, n, L).

    perturb : called with t, the points and the gradients (n, lanes) before update t; it may change
    both.  guarded : as in Optimizer.kernel.
    """
    starts, layout = problem.starts(seeds), tensor_layout(problem.shapes)
    gradient, feed = problem.kernel(dtype), problem.feed(seeds, dtype)
    lrs = np.full(len(seeds), np.nan if optimizer.lr is None else optimizer.lr)
    stepper = Stepper(
        Kernels(gradient, optimizer.kernel(dtype, guarded)),
        starts,
        optimizer.initial_state(starts.astype(dtype), layout),
        feed,
        setup_of(optimizer, lrs, layout, problem.minimum),
        dtype,
    )
    keys, rows = padded_seeds(feed.seeds), np.arange(feed.samples)
    points = [stepper.x.copy()]
    for t in range(1, steps + 1):
        x = padded(stepper.x)
        g, losses = np.zeros_like(x), np.zeros(x.shape[1])
        gradient(x, g, losses, feed.data, rows, keys, t)
        g = g[:, : len(seeds)]
        if perturb is not None:
            perturb(t, stepper.x, g)
        stepper.step(g, losses[: len(seeds)], scale)
        points.append(stepper.x.copy())
    return np.array(points)
