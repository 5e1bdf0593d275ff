"""What is measured and not judged: a rule's invariances, whether the schedule reaches it, what it
costs; a problem's cost.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...kernels.optimizer import Optimizer
from ...kernels.rule import RATIO
from ...kernels.signatures import DTYPES
from ...problems.problem import Problem
from ..timing import update_cost
from . import trial_problem

NEAR = 1e-5
"""Deviations, as a share of how far the run went, that rounding or an eps may cause."""


class Property(NamedTuple):
    """A measured property: as text for readers, and as numbers for programs."""

    name: str
    text: str
    values: dict[str, float | bool | None]


def of_rule(optimizer: Optimizer, timed: bool = True) -> Iterator[Property]:
    """All properties of a rule; timed : its cost too."""
    yield units(optimizer)
    yield from invariances(optimizer)
    yield schedule(optimizer)
    yield memory(optimizer)
    if timed:
        yield cost(optimizer)


def of_problem(problem: Problem, timed: bool = True) -> Iterator[Property]:
    """All properties of a problem; timed : its cost too."""
    shapes = ", ".join(f"{name} {shape}" for name, shape in problem.shapes)
    yield Property("parameters", f"{problem.dim}: {shapes}", {"dim": problem.dim})
    counts = {dtype: problem.targets_for(dtype).size for dtype in DTYPES}
    text = ", ".join(f"{count} in {dtype}" for dtype, count in counts.items())
    yield Property("targets", text, {**counts})
    if timed:
        ns = update_cost.step_nanoseconds(problem)
        yield Property(
            "cost",
            f"a step of sgd takes {ns:.3g} ns a run, in {update_cost.LANES} lanes",
            {"ns": ns},
        )


def units(optimizer: Optimizer) -> Property:
    """Which settings the docstring doesn't mention; it should give their units."""
    about = optimizer.rule.function.__doc__ or ""
    settings = [
        *(["lr"] if "lr" in optimizer.rule.parameters and not optimizer.rule.wraps else []),
        *optimizer.rule.settings,
    ]
    missing = [name for name in settings if name != RATIO and not re.search(rf"\b{name}\b", about)]
    text = f"doesn't mention {', '.join(missing)}" if missing else "mentions each setting"
    return Property("docstring", text, {"settings_not_mentioned": len(missing)})


def invariances(optimizer: Optimizer) -> Iterator[Property]:
    """30 steps on the trial problem against 30 on its transformed twin, mapped back."""
    order = np.random.default_rng(3).permutation(trial_problem.DIM)
    signs = np.diag(np.resize([-1.0, 1.0, 1.0], trial_problem.DIM))
    twins = {
        "gradient scale, g times 0.1 and 10": [
            {"gain": 0.1},
            {"gain": 10.0},
        ],  # a clipping may show in one of them alone
        "parameter scale, x times 0.1 and 10": [{"size": 0.1}, {"size": 10.0}],
        "translation, x plus 3": [{"shift": 3.0}],
        "rotation of all coordinates": [{"turn": trial_problem.orthogonal(2)}],
        "permutation of all coordinates": [{"turn": np.eye(trial_problem.DIM)[order]}],
        "signs of some coordinates": [{"turn": signs}],
    }
    path = trial_problem.walked(optimizer, trial_problem.trial(), 30)[:, :, 0]
    for name, seen in twins.items():
        yield _invariance(
            name,
            max(
                _apart(path, _mapped_back(optimizer, trial_problem.trial(**twin), **twin))
                for twin in seen
            ),
        )


def _mapped_back(
    optimizer: Optimizer, twin: Problem, turn=None, size=1.0, shift=0.0, gain=1.0
) -> np.ndarray:
    points = trial_problem.walked(optimizer, twin, 30)[:, :, 0]
    return (points - shift) @ (np.eye(trial_problem.DIM) if turn is None else turn) / size


def _apart(path: np.ndarray, other: np.ndarray) -> float:
    """The largest deviation as a share of how far the run went; inf where the other overflows."""
    with np.errstate(all="ignore"):
        apart = float(np.abs(other - path).max() / np.abs(path - path[0]).max())
    return apart if np.isfinite(apart) else np.inf


def _invariance(name: str, apart: float) -> Property:
    held = apart <= NEAR
    text = f"{'invariant' if held else 'not invariant'}, deviation {apart:.1g} of the way"
    return Property(
        name, text, {"invariant": held, "deviation": apart if np.isfinite(apart) else None}
    )


def schedule(optimizer: Optimizer) -> Property:
    """Whether steps with scale 1/2 are those with lr / 2."""
    if optimizer.lr is None:
        return Property("schedule", "the rule has no lr", {"scales_lr": None})
    scaled = trial_problem.walked(optimizer, trial_problem.trial(), 10, scale=0.5)
    halved = trial_problem.walked(
        optimizer.configured(lr=0.5 * optimizer.lr), trial_problem.trial(), 10
    )
    apart = float(
        np.abs(scaled - halved).max() / max(float(np.abs(halved - halved[0]).max()), 1e-300)
    )
    held = apart <= NEAR
    text = (
        "scale multiplies lr"
        if held
        else f"scale isn't a factor of lr alone: {apart:.1g} of the way apart"
    )
    return Property("schedule", text, {"scales_lr": held, "deviation": apart})


def cost(optimizer: Optimizer) -> Property:
    """Nanoseconds a coordinate beside sgd and adam."""
    own, sgd, adam = update_cost.beside_known(optimizer)
    text = f"{own:.2f} ns a coordinate, {sgd:.1f} × sgd, {adam:.2f} × adam"
    if optimizer.evaluations != 1:
        text += ", its further evaluations included"
    return Property("cost", text, {"ns": own, "ratio_to_sgd": sgd, "ratio_to_adam": adam})


def memory(optimizer: Optimizer) -> Property:
    """Bytes of slots a parameter."""
    size = update_cost.state_bytes(optimizer)
    return Property(
        "state",
        f"{size:g} bytes a parameter in float64 (tensors (8, 6) and (16,))",
        {"bytes_a_parameter": size},
    )
