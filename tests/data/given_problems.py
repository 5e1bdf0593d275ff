"""The problems of the trajectories: random gradients, and Rosenbrock's function extended."""

from typing import Any

import numpy as np
import schedules
from cases import ROWS, UPDATES


def rosenbrock(x: Any) -> Any:
    """The extended Rosenbrock function, sum of 100 (x[i+1] - x[i]²)² + (1 - x[i])², of an array of
    any library.
    """
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def problems() -> dict[str, np.ndarray]:
    """Starts, and the gradients of the problem "random": (300, 8), of changing scale, with zeros
    for the rules' guards.

    Coordinate 4 has none in the first three updates, and no coordinate has one in update 150.
    """
    random = np.random.default_rng(20250)
    start = random.normal(size=8)
    gradients = random.normal(size=(UPDATES, 8)) * 10 ** random.uniform(-2, 2, size=(UPDATES, 1))
    gradients[:3, 4] = 0
    gradients[149] = 0
    return {
        "random/gradients": gradients,
        "random/start": start,
        "rosenbrock/start": np.array([-1.2, 1.0]),
        "rosenbrock8/start": np.tile([-1.2, 1.0], 4),
        **{f"{on}/updates": rows for on, rows in ROWS.items()},
        "scheduled/updates": schedules.ROWS,
        **{f"scheduled/{name}": schedules.multipliers(name) for name in schedules.SCHEDULES},
    }


def cut(x: Any, shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """The parameter tensors in x, C order, one after the other."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    return {
        name: x[end - int(np.prod(shape)) : end].reshape(shape)
        for (name, shape), end in zip(shapes.items(), ends, strict=True)
    }
