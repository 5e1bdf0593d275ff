"""What every problem must meet. A requirement takes a Problem, returns what it measured, or raises
Unmet.
"""

from decimal import Decimal

import numpy as np

from ...kernels.signatures import DTYPES
from ...problems.problem import Problem
from ..plugins import diagnosis, discovery
from . import company, difficulty, runnable, solvability
from .gradient_errors import complex_error, gradient_error
from .requirement import require

SEEDS = range(8)


def names_its_source(problem: Problem) -> str:
    """`source` says where the problem comes from."""
    require(problem.source.strip(), "source is empty; say where the problem comes from")
    return problem.source


def compiles(problem: Problem) -> str:
    """The formula compiles for both dtypes."""
    fault = next(diagnosis.unknown_names(problem.formula), None)
    return runnable.require_compiled(problem, [problem.formula], fault)


def stays_in_bounds(problem: Problem) -> str:
    """In a process of its own, with every index checked: no index out of bounds, no crash, no hang,
    no exception.
    """
    remedy = "register it in a module or a file of its own"
    runnable.require_bounds(problem, remedy, "it isn't safe to evaluate here")
    return "loss and gradient, both dtypes"


def starts_reproducibly(problem: Problem) -> str:
    """The starts of seeds are finite, the same when drawn again, alone or together, and have a
    finite loss.
    """
    runnable.skip_unless_runnable(problem)
    starts = problem.starts(SEEDS)
    alone = np.stack([problem.start(seed) for seed in SEEDS], axis=1)
    require(np.isfinite(starts).all(), "a start isn't finite")
    require(starts.tobytes() == alone.tobytes(), "a start changes when it is drawn again")
    losses = problem.values(starts)
    require(
        np.isfinite(losses).all(),
        f"the loss at the start of seed {int(np.argmin(np.isfinite(losses)))} isn't finite",
    )
    if problem.start_loss:
        _as_published("f(start)", float(losses[0]), problem.start_loss)
    return f"seeds 0 to {SEEDS[-1]}, losses from {losses.min():.3g} to {losses.max():.3g}"


def is_deterministic(problem: Problem) -> str:
    """The same point, seed and step give the same bits, with or without the gradient."""
    runnable.skip_unless_runnable(problem)
    x = problem.start(3)
    for evaluate in (problem.value_and_grad, lambda x: problem.gradient(x, seed=3, step=2)):
        (loss, g), (again, g_again) = evaluate(x), evaluate(x)
        same = loss == again and g.tobytes() == g_again.tobytes()
        require(same, f"two evaluations at one point differ: {loss!r} and {again!r}")
    loss, alone = problem.value_and_grad(x)[0], float(problem.values(x[:, None])[0])
    require(loss == alone, f"the loss alone (step -1) is {alone!r}, with its gradient {loss!r}")
    if problem.deterministic:
        fed = [problem.gradient(x, seed=seed, step=step)[0] for seed in (3, 4) for step in (1, 2)]
        require(
            all(other == loss for other in fed),
            "the loss fed depends on seed or step: declare the problem noisy=True",
        )
        return "bit for bit"
    return "bit for bit; what is fed depends on seed and step"


def has_its_gradient(problem: Problem) -> str:
    """The gradient agrees with central differences at the start and at random points near it, as
    the loop feeds it too; and with complex steps to rounding, where Python can run the formula on
    complex numbers.
    """
    runnable.skip_unless_runnable(problem)
    random, start = np.random.default_rng(0), problem.start(0)
    points = [
        start,
        *(
            start + 0.1 * random.normal(size=problem.dim) * np.maximum(np.abs(start), 0.1)
            for _ in range(3)
        ),
    ]
    worst = max(gradient_error(problem.value_and_grad, x, random) for x in points)
    fed = []
    if not problem.deterministic and not (problem.transform and problem.transform.bits):
        fed = [gradient_error(lambda x: problem.gradient(x, seed=3, step=5), points[1], random)]
    differences = f"central differences {max(worst, *fed, 0.0):.0e}"
    try:
        exact = max(complex_error(problem, x, random) for x in points)
    except LookupError:
        return differences
    return f"{differences}, complex steps {exact:.0e} of its largest entry"


def knows_its_minimum(problem: Problem) -> str:
    """At each minimizer the loss is the minimum to rounding and the gradient near zero; no start
    lies below the minimum.
    """
    runnable.skip_unless_runnable(problem)
    if problem.minimum is None:
        require(problem.minimizers is None, "minimizers are given, but no minimum")
        return "f* unknown"
    if problem.least_loss:
        _as_published("f*", problem.minimum, problem.least_loss)
    losses = problem.values(problem.starts(SEEDS))
    rounding = 1e-12 * max(1.0, abs(problem.minimum))
    require(
        (losses >= problem.minimum - rounding).all(),
        f"a start's loss {losses.min():.6g} is below the minimum",
    )
    if problem.minimizers is None:
        return f"f* = {problem.minimum:.6g}, minimizers unknown"
    slope = np.abs(problem.value_and_grad(problem.start(0))[1]).max()
    for place, x in enumerate(problem.minimizers):
        loss, g = problem.value_and_grad(x)
        require(
            abs(loss - problem.minimum) <= rounding,
            f"minimizer {place} has loss {loss!r}, minimum is {problem.minimum!r}",
        )
        steep = np.abs(g).max()
        if "nonsmooth" in problem.tags:  # at a kink any slope between both sides is one
            continue
        require(
            steep <= 1e-6 * max(slope, 1e-6),
            f"minimizer {place} has a gradient of {steep:.1e}, the start of {slope:.1e}",
        )
    return f"f* = {problem.minimum:.6g} at {len(problem.minimizers)} minimizer(s)"


def has_targets(problem: Problem) -> str:
    """There are targets, finite, descending, above the minimum and below the loss of seed 0's
    start.
    """
    runnable.skip_unless_runnable(problem)
    targets = np.array(problem.targets)
    require(targets.size, "no targets: give minimum or levels")
    require(np.isfinite(targets).all(), f"targets {list(targets)} aren't finite")
    initial = float(problem.values(problem.starts([0]))[0])
    require(
        (np.diff(targets) < 0).all(),
        f"targets {list(targets)} don't descend; is the start at the minimum?",
    )
    require(
        targets[0] < initial,
        f"the first target, {targets[0]:.6g}, isn't below the start's loss, {initial:.6g}",
    )
    require(
        problem.minimum is None or targets[-1] > problem.minimum,
        "the last target isn't above the minimum",
    )
    require(
        problem.targets_for("float64").size == targets.size,
        "float64 can't tell the last target from the minimum",
    )
    lost = targets.size - problem.targets_for("float32").size
    return ", ".join(f"{level:.3g}" for level in targets) + (
        f"; {lost} below what float32 can tell" if lost else ""
    )


def is_independent_of_lanes(problem: Problem) -> str:
    """A run alone and among 6, 16 and 63 others, of which some diverge, gives equal bits."""
    runnable.skip_unless_runnable(problem)
    adam = discovery.get_optimizer("adam")

    def run(lrs: np.ndarray, seeds: np.ndarray, dtype: str) -> np.ndarray:
        return solvability.run_rule(problem, adam, lrs, seeds, dtype, 20).curves

    def draw_lrs(random: np.random.Generator, width: int) -> np.ndarray:
        return 10 ** random.uniform(-4, 1, width)

    # a mini-batch belongs to its seed: lanes that share one share the seed
    return company.require_same_bits(run, draw_lrs, 0.01, one_seed=problem.data_set.batch > 0)


def runs_in_float32(problem: Problem) -> str:
    """The loss at the start and after 20 steps is finite in float32. The detail says how near it is
    to float64's.
    """
    runnable.skip_unless_runnable(problem)
    wide, narrow = (
        solvability.run_rule(
            problem, discovery.get_optimizer("sgd"), np.array([1e-6]), np.array([0]), dtype, 20
        ).curves[[0, -1], 0]
        for dtype in DTYPES
    )
    require(
        np.isfinite(narrow).all() or not np.isfinite(wide).all(),
        f"losses in float32 are {narrow}, in float64 {wide}",
    )
    with np.errstate(all="ignore"):
        apart = float(np.abs(narrow - wide).max() / max(1e-300, np.abs(wide).max()))
    return f"{apart:.1e} of the loss apart"


REQUIREMENTS = (
    names_its_source,
    compiles,
    stays_in_bounds,
    starts_reproducibly,
    is_deterministic,
    has_its_gradient,
    knows_its_minimum,
    has_targets,
    is_independent_of_lanes,
    runs_in_float32,
    difficulty.is_not_solved_by_baselines,
    difficulty.can_be_solved,
)
"""In this order: what doesn't compile or isn't safe is not evaluated by those that follow."""


def _as_published(what: str, value: float, text: str) -> None:
    """The value has all the digits of the published one."""
    published = Decimal(text)
    unit = float(Decimal(1).scaleb(int(published.as_tuple().exponent)))
    apart = abs(value - float(published))
    require(apart <= 0.501 * unit + 1e-12 * abs(value), f"{what} is {value!r}, published as {text}")
