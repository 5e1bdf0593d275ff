"""What every problem must meet. A requirement takes a Problem, returns what it measured, or raises
Unmet.
"""

from collections.abc import Callable
from decimal import Decimal
from unittest import SkipTest
from weakref import WeakKeyDictionary

import numpy as np

from ...kernels import compiler_report
from ...kernels.baselines import STUMBLING
from ...kernels.signatures import DTYPES
from ...problems.near_origin import near_origin
from ...problems.problem import Problem
from ..plugins import diagnosis, discovery
from . import bounds, derivatives, solvability
from .requirement import Unmet, require

COORDINATES = 40
"""Coordinates, drawn at random from more, in which a gradient is compared with differences."""
SEEDS = range(8)
STUMBLING_LRS = np.array([1e-3, 1e-2, 1e-1, 1.0, 10.0])
_unfit: WeakKeyDictionary[object, str] = WeakKeyDictionary()
"""Why a problem mustn't be evaluated in this process."""


def names_its_source(problem: Problem) -> str:
    """`source` says where the problem comes from."""
    require(problem.source.strip(), "source is empty; say where the problem comes from")
    return problem.source


def compiles(problem: Problem) -> str:
    """The formula compiles for both dtypes."""
    reason, printed = (
        next(diagnosis.unknown_names(problem.formula), None),
        diagnosis.prints(problem.formula),
    )
    if reason is None:
        try:
            for dtype in DTYPES:
                problem.kernel(dtype)
        except Exception as error:
            reason = compiler_report.essence(error, [problem.formula])
    if reason is not None:
        _unfit[problem] = "it doesn't compile"
        raise Unmet(reason)
    if printed:
        _unfit[problem] = "it prints"
        raise Unmet(printed)
    return ", ".join(DTYPES)


def stays_in_bounds(problem: Problem) -> str:
    """In a process of its own, with every index checked: no index out of bounds, no crash, no hang,
    no exception.
    """
    _fit(problem)
    try:
        reason = bounds.fault(problem)
    except LookupError as error:
        raise SkipTest(
            "another process can't find it: register it in a module or a file of its own"
        ) from error
    if reason is not None:
        _unfit[problem] = "it isn't safe to evaluate here"
        raise Unmet(reason)
    return "loss and gradient, both dtypes"


def starts_reproducibly(problem: Problem) -> str:
    """The starts of seeds are finite, the same when drawn again, alone or together, and have a
    finite loss.
    """
    _fit(problem)
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
    _fit(problem)
    x = problem.start(3)
    for deed in (problem.value_and_grad, lambda x: problem.gradient(x, seed=3, step=2)):
        (loss, g), (again, g_again) = deed(x), deed(x)
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
    _fit(problem)
    random, start = np.random.default_rng(0), problem.start(0)
    points = [
        start,
        *(
            start + 0.1 * random.normal(size=problem.dim) * np.maximum(np.abs(start), 0.1)
            for _ in range(3)
        ),
    ]
    worst = max(_gradient_error(problem.value_and_grad, x, random) for x in points)
    fed = []
    if not problem.deterministic and not (problem.transform and problem.transform.bits):
        fed = [_gradient_error(lambda x: problem.gradient(x, seed=3, step=5), points[1], random)]
    told = f"central differences {max(worst, *fed, 0.0):.0e}"
    try:
        exact = max(_complex_error(problem, x, random) for x in points)
    except LookupError:
        return told
    return f"{told}, complex steps {exact:.0e} of its largest entry"


def knows_its_minimum(problem: Problem) -> str:
    """At each minimizer the loss is the minimum to rounding and the gradient near zero; no start
    lies below the minimum.
    """
    _fit(problem)
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
    _fit(problem)
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


def is_not_solved_by_stumbling(problem: Problem) -> str:
    """Standing still, a random walk, climbing by the gradient or its sign, and going to zero meet
    the last target from no seed at no lr; and standing still no other, save those that a start
    meets. A problem whose minimizer is the origin, or near, can't but be solved by going to zero:
    that is said, and suites have it shifted.
    """
    _fit(problem)
    if not problem.targets:
        raise SkipTest("no targets to miss")
    seeds = SEEDS[:3] if problem.data_set.samples > 100 else SEEDS
    at_origin = near_origin(problem)
    for rule in [rule for rule in STUMBLING if not (at_origin and rule.family == "going_to_zero")]:
        still = rule.family == "standing_still"
        for seed in seeds:
            lrs = STUMBLING_LRS[:1] if still else STUMBLING_LRS
            hits = solvability.run_rule(
                problem, rule, lrs, np.full(lrs.size, seed), steps=10 if still else None
            ).hit_steps
            require(
                hits.size == 0 or (hits[-1] != 0).all(),
                f"the start of seed {seed} is solved already",
            )
            solved = lrs[hits[-1] >= 0] if hits.size else lrs[:0]
            if solved.size:
                raise Unmet(
                    f"{rule.family.replace('_', ' ')} solves it from seed {seed} with lr"
                    f" {solved[0]:g}"
                )
            if still and (hits > 0).any():
                raise Unmet(f"standing still meets a target at step {hits.max()} from seed {seed}")
    told = f"{len(STUMBLING) - at_origin} rules, {len(seeds)} seeds"
    return told + (
        "; its minimizer is at or near the origin, where whatever shrinks x goes: compare on it"
        " shifted"
        if at_origin
        else ""
    )


def can_be_solved(problem: Problem) -> str:
    """An optimizer of the catalogue, at one of the nine rates of its grid, meets the last target
    from seed 0 within the budget. Of a multimodal problem, a local solver from one of 1 000 starts
    does, if none of them. If tagged `open`, none.
    """
    _fit(problem)
    if not problem.targets:
        raise SkipTest("no targets to meet")
    found = solvability.by_catalogue(problem)
    if "open" in problem.tags:
        require(found is None, f"it is tagged open, but {found} solves it")
        return "open: no optimizer of the catalogue solves it"
    if found is None and "multimodal" in problem.tags:
        place = solvability.by_local_solver(problem)
        require(
            place is not None,
            f"a local solver meets the last target from none of {solvability.STARTS} starts",
        )
        return f"L-BFGS-B from the start of seed {place}; no optimizer of the catalogue from seed 0"
    require(
        found is not None,
        "no optimizer of the catalogue meets the last target from seed 0: tag it open, or give it"
        " more",
    )
    return str(found)


def is_independent_of_lanes(problem: Problem) -> str:
    """A run alone and among 6, 16 and 63 others, of which some diverge, gives equal bits."""
    _fit(problem)
    rule, random, alone = discovery.get_optimizer("adam"), np.random.default_rng(2), b""
    for dtype in DTYPES:
        for width, place in ((1, 0), (7, 6), (17, 8), (64, 0)):
            lrs = 10 ** random.uniform(-4, 1, width)
            # a mini-batch belongs to its seed: such lanes share it
            seeds = np.full(width, 3) if problem.data_set.batch else random.integers(0, 1000, width)
            lrs[place], seeds[place] = 0.01, 3
            found = (
                solvability.run_rule(problem, rule, lrs, seeds, dtype, 20)
                .curves[:, place]
                .tobytes()
            )
            alone = found if width == 1 else alone
            require(
                found == alone,
                f"a run among {width - 1} others differs from the same alone ({dtype})",
            )
    return "1, 7, 17 and 64 lanes, bit for bit"


def runs_in_float32(problem: Problem) -> str:
    """The loss at the start and after 20 steps is finite in float32; how near to float64's it is,
    is told.
    """
    _fit(problem)
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
    is_not_solved_by_stumbling,
    can_be_solved,
)
"""In this order: what doesn't compile or isn't safe is not evaluated by those that follow."""


def _fit(problem: Problem) -> None:
    if problem in _unfit:
        raise SkipTest(_unfit[problem])


def _as_published(what: str, value: float, text: str) -> None:
    """The value has all the digits of the published one."""
    published = Decimal(text)
    unit = float(Decimal(1).scaleb(int(published.as_tuple().exponent)))
    apart = abs(value - float(published))
    require(apart <= 0.501 * unit + 1e-12 * abs(value), f"{what} is {value!r}, published as {text}")


def _complex_error(problem: Problem, x: np.ndarray, random: np.random.Generator) -> float:
    """The largest error against complex steps, relative to the gradient."""
    coordinates = random.permutation(x.size)[:COORDINATES]
    g = problem.value_and_grad(x)[1]
    exact = derivatives.complex_step(problem, x, coordinates)
    scale = max(float(np.abs(g).max()), 1e-300)
    worst = float(np.abs(exact - g[coordinates]).max() / scale)
    require(
        worst <= 1e-11,
        f"the gradient at {x[:5]} is {g[coordinates][:5]} where complex steps give {exact[:5]}",
    )
    return worst


def _gradient_error(evaluate: Callable, x: np.ndarray, random: np.random.Generator) -> float:
    """The largest error against differences, relative to the gradient; at a kink any slope between
    both sides will do.
    """
    loss, g = evaluate(x)
    scale, worst = max(float(np.abs(g).max()), 1e-3 * abs(loss), 1e-10), 0.0
    for i in random.permutation(x.size)[:COORDINATES]:
        before, central, after = derivatives.central(evaluate, x, i)
        low, high = sorted((before, after))
        at_kink = high - low > 1e-2 * scale and low <= g[i] <= high
        error = 0.0 if at_kink else abs(g[i] - central)
        require(
            error <= 1e-5 * abs(central) + 1e-6 * scale,
            f"g[{i}] is {g[i]:.6g} where differences give {central:.6g}, at a point with loss"
            f" {loss:.6g}",
        )
        worst = max(worst, error / scale)
    return worst
