"""What every optimizer must meet. A requirement takes an Optimizer, returns what it measured, or
raises Unmet.
"""

import re
import sys
from unittest import SkipTest

import numpy as np

from ...kernels.optimizer import Optimizer
from ...kernels.signatures import DTYPES
from ..plugins import diagnosis
from ..runs.run import run_block
from ..sweep.learning_rates import own_lrs
from ..sweep.sweep import Block
from . import runnable, solvability, trial_problem
from .company import first_step, require_same_bits, unlike
from .requirement import require


def described(optimizer: Optimizer) -> str:
    """There is a docstring. The detail says whether its first paragraph names a source: a year in
    brackets or an arXiv number.
    """
    if sys.flags.optimize > 1:
        raise SkipTest("python -OO drops docstrings")
    for function in optimizer.functions:
        text = (function.__doc__ or "").strip()
        require(
            text,
            f"{function.__name__} has no docstring; say what the rule is and where it comes from",
        )
        first = text.split("\n\n")[0]
        if not re.search(r"\((?:18|19|20)\d\d\w?\)|arXiv:\s?\d{4}\.\d{4,5}", first):
            return f"{optimizer.source} (no paper named: a year in brackets or an arXiv number)"
    return optimizer.source


def compiles(optimizer: Optimizer) -> str:
    """The rule compiles for both dtypes, and its text hands back what the signature promises."""
    fault = diagnosis.in_text(optimizer.rule)
    return runnable.require_compiled(optimizer, optimizer.functions, fault)


def stays_in_bounds(optimizer: Optimizer) -> str:
    """In a process of its own, with every index checked: no index out of bounds, no crash, no hang,
    no exception.
    """
    remedy, danger = "define it in a module or a file of its own", "it isn't safe to run here"
    runnable.require_bounds(optimizer, remedy, danger)
    return "ordinary, zero, huge, NaN and infinite gradients, tensors of many shapes"


def moves(optimizer: Optimizer) -> str:
    """Within 50 steps of ordinary gradients some coordinate changes, and all stay finite."""
    runnable.skip_unless_runnable(optimizer)
    points = trial_problem.walked(optimizer, trial_problem.trial(), 50)[:, :, 0]
    require(
        np.isfinite(points).all(),
        f"x isn't finite after step {first_step(~np.isfinite(points))} on a small quadratic",
    )
    moved = points != points[0]
    require(moved.any(), "x is the same after 50 steps")
    return f"from step {first_step(moved)} on"


def descends(optimizer: Optimizer) -> str:
    """At some rate of its grid 300 steps lower the height above the minimum of a quadratic that has
    it away from 0; the detail says how far, and where it is little that a larger rate may be the
    better default.
    """
    runnable.skip_unless_runnable(optimizer)
    lrs = np.array(own_lrs(optimizer))
    left = _heights(optimizer, lrs, 300)
    best = int(np.argmin(left))
    rates = "at any rate of its grid" if optimizer.lr is not None else "without a learning rate"
    require(
        left[best] < 1.0,
        f"300 steps leave {left[best]:.2g} of the height above a quadratic's minimum, {rates}: does"
        " the step go against g?",
    )
    if optimizer.lr is None:
        return f"to {left[best]:.1g} of the height"
    more = " at best: a larger default may do better" if left[best] > 0.5 else ""
    return f"to {left[best]:.2g} of the height{more}, lr {lrs[best]:g}"


def is_not_drawn_to_the_origin(optimizer: Optimizer) -> str:
    """At the smallest rate of its grid, 100 steps don't take x from near a quadratic's minimum
    towards the origin: they leave at most twice the height of the start above the minimum, where
    the origin has 25 times as much.
    """
    runnable.skip_unless_runnable(optimizer)
    lrs = np.array(own_lrs(optimizer))[:1]
    (left,) = _heights(optimizer, lrs, 100)
    rate = "" if optimizer.lr is None else f"at lr {lrs[0]:g} "
    require(
        left <= 2.0,
        f"{rate}100 steps take x to {left:.3g} times the start's height above the minimum (the"
        " origin: 25 times): does the rule return x plus its step?",
    )
    return f"{rate}to {left:.3g} of the height"


def is_deterministic(optimizer: Optimizer) -> str:
    """Two walks with equal inputs give equal bits."""
    runnable.skip_unless_runnable(optimizer)
    for dtype in DTYPES:
        one, other = (
            trial_problem.walked(optimizer, trial_problem.trial(), 30, dtype=dtype)
            for _ in range(2)
        )
        require(
            one.tobytes() == other.tobytes(),
            f"two equal walks differ at step {first_step(unlike(one, other))} ({dtype})",
        )
    return "30 steps twice, bit for bit"


def is_independent_of_lanes(optimizer: Optimizer) -> str:
    """A run alone and among 6, 16 and 63 others, of which some diverge, gives equal bits."""
    runnable.skip_unless_runnable(optimizer)
    problem, lr = trial_problem.trial(), optimizer.lr or np.nan

    def run(lrs: np.ndarray, seeds: np.ndarray, dtype: str) -> np.ndarray:
        block = Block(
            problem=problem, optimizer=optimizer, dtype=dtype, steps=30, lrs=lrs, seeds=seeds
        )
        return run_block(block, np.arange(31), points=True).points

    def draw_lrs(random: np.random.Generator, width: int) -> np.ndarray:
        return lr * 10 ** random.uniform(-3, 3, width)

    return require_same_bits(run, draw_lrs, lr)


def stands_zero_gradients(optimizer: Optimizer) -> str:
    """x stays finite where the gradient is zero, from the first step on or later."""
    runnable.skip_unless_runnable(optimizer)
    first = trial_problem.walked(optimizer, trial_problem.flat(), 20)[:, :, 0]
    later = trial_problem.walked(
        optimizer, trial_problem.trial(), 20, perturb=lambda t, x, g: g.fill(0.0) if t > 5 else None
    )[:, :, 0]
    for points, when in ((first, "from the first step on"), (later, "from step 6 on")):
        require(
            np.isfinite(points).all(),
            f"x isn't finite after step {first_step(~np.isfinite(points))}, gradients zero {when}",
        )
    return "finite; " + ("moves nonetheless" if (first != first[0]).any() else "stands still")


def stands_huge_gradients(optimizer: Optimizer) -> str:
    """Gradients of 1e150 (1e30 in float32) are no reason to raise; the detail says
    whether x stays finite.
    """
    runnable.skip_unless_runnable(optimizer)
    outcomes = []
    for dtype, huge in trial_problem.HUGE.items():
        points = trial_problem.walked(optimizer, trial_problem.trial(gain=huge), 20, dtype=dtype)
        outcomes.append(f"{dtype}: {'finite' if np.isfinite(points).all() else 'overflows'}")
    return ", ".join(outcomes)


def shows_nan(optimizer: Optimizer) -> str:
    """NaN in a gradient is seen in x within 3 steps, and no other lane changes. Infinity is seen
    too, or it counts as a huge gradient.
    """
    runnable.skip_unless_runnable(optimizer)
    reference = trial_problem.walked(optimizer, trial_problem.trial(), 3, seeds=range(3))
    notes = []
    for bad in (np.nan, np.inf, -np.inf):
        for coordinate in (2, trial_problem.DIM - 1):
            points = _corrupted(optimizer, coordinate, bad)
            require(
                points[:, :, ::2].tobytes() == reference[:, :, ::2].tobytes(),
                f"{bad} in one run's gradient changes other runs",
            )
            if np.isnan(bad) and optimizer.evaluations != 1:
                continue  # the rule takes the gradient again, where the problem is sound
            if np.isfinite(points[-1, coordinate, 1]):
                huge = _corrupted(optimizer, coordinate, np.copysign(1e150, bad))
                same = np.allclose(points[-1, :, 1], huge[-1, :, 1], rtol=1e-6)
                require(same, f"{bad} in coordinate {coordinate} of the gradient is hidden")
                notes = ["inf counts as a huge gradient"]
    if optimizer.evaluations != 1:
        points = trial_problem.walked(optimizer, trial_problem.trial(gain=np.nan), 3)[:, :, 0]
        require(not np.isfinite(points[-1]).all(), "a loss and gradient of NaN are hidden")
    return "; ".join(["no other run changes", *notes])


def float32_is_near(optimizer: Optimizer) -> str:
    """50 steps in float32 stay within 1e-4 of float64, relative to x, or within what float32's
    rounding does to float64.
    """
    runnable.skip_unless_runnable(optimizer)
    random, rounding = np.random.default_rng(0), np.finfo("float32").eps / 2

    def perturb(t, x, g):
        for array in (x, g):
            array *= 1 + rounding * random.uniform(-1, 1, array.shape)

    wide, narrow = (
        trial_problem.walked(optimizer, trial_problem.trial(), 50, dtype=dtype) for dtype in DTYPES
    )
    size = max(1.0, np.abs(wide).max())
    with np.errstate(all="ignore"):
        apart = np.abs(narrow - wide).max() / size
    perturbed = (
        max(
            np.abs(
                trial_problem.walked(optimizer, trial_problem.trial(), 50, perturb=perturb) - wide
            ).max()
            for _ in range(3)
        )
        / size
    )
    require(
        apart <= max(1e-4, 10 * perturbed),
        f"{apart:.1e} of x apart after 50 steps; rounding alone explains {perturbed:.0e}",
    )
    return f"{apart:.1e} of x apart" + (
        f"; float64 perturbed by as much: {perturbed:.0e}" if apart > 1e-4 else ""
    )


REQUIREMENTS = (
    described,
    compiles,
    stays_in_bounds,
    moves,
    is_deterministic,
    is_independent_of_lanes,
    stands_zero_gradients,
    stands_huge_gradients,
    shows_nan,
    float32_is_near,
    descends,
    is_not_drawn_to_the_origin,
)
"""In this order: what doesn't compile or isn't safe is not run by those that follow."""


def _heights(optimizer: Optimizer, lrs: np.ndarray, steps: int) -> np.ndarray:
    """The height above the minimum after so many steps, over the start's, by lr; infinite for a run
    that diverged.
    """
    losses = solvability.run_rule(
        trial_problem.distant(), optimizer, lrs, np.zeros(lrs.size, int), steps=steps
    )
    left = (losses.final - trial_problem.HEIGHT) / (losses.curves[0] - trial_problem.HEIGHT)
    return np.where(np.isfinite(left), left, np.inf)


def _corrupted(optimizer: Optimizer, coordinate: int, value: float) -> np.ndarray:
    """The points of three runs; the middle one's gradient has this value in a coordinate."""

    def corrupt(t, x, g):
        g[coordinate, 1] = value

    return trial_problem.walked(
        optimizer, trial_problem.trial(), 3, seeds=range(3), perturb=corrupt
    )
