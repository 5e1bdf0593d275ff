"""What every analytic gradient costs: `python -m optbench.bench.timing.problems`.

Timed is an evaluation of each run, in nanoseconds, in three ways:

- the kernel as the loop calls it, through a function pointer and with all arguments;
- the same formula over lanes, called in a hand-written loop where LLVM may inline it;
- for some problems, loops that are written by hand with everything in scalars.

All are timed in turn, the best of many rounds, on one thread. Compile seconds are the kernel's.
"""

import inspect
import time
from collections.abc import Callable
from functools import cache
from statistics import median

import numba
import numpy as np
from numba import float64, int64, void
from rich.table import Table

from ...kernels.elementary import cos, sin
from ...kernels.jit import FLAGS
from ...kernels.signatures import array, gradient_function
from ...problems.problem import Problem
from ..sweep import suites
from ..terminal.console import open_console, plain_output

LANES, ROUNDS, SECONDS = 64, 20, 2e-3
FAST = numba.njit(**FLAGS)


@FAST
def rosenbrock(x, g, loss):
    """The function of two variables, lane by lane."""
    for k in range(loss.size):
        a, b = x[0, k], x[1, k]
        rise, left = b - a * a, 1 - a
        loss[k] = 100 * rise * rise + left * left
        g[0, k], g[1, k] = -400 * a * rise - 2 * left, 200 * rise


@FAST
def beale(x, g, loss):
    """The function of two variables, lane by lane; the powers of b are computed one time."""
    for k in range(loss.size):
        a, b = x[0, k], x[1, k]
        b2 = b * b
        b3 = b2 * b
        p, q, r = 1.5 + a * (b - 1), 2.25 + a * (b2 - 1), 2.625 + a * (b3 - 1)
        loss[k] = p * p + q * q + r * r
        g[0, k] = 2 * (p * (b - 1) + q * (b2 - 1) + r * (b3 - 1))
        g[1, k] = 2 * a * (p + 2 * q * b + 3 * r * b2)


@FAST
def sphere(x, g, loss):
    """Coordinate by coordinate, lanes innermost."""
    loss[:] = 0
    for i in range(x.shape[0]):
        for k in range(loss.size):
            a = x[i, k]
            loss[k] += a * a
            g[i, k] = 2 * a


@FAST
def rastrigin(x, g, loss):
    """Coordinate by coordinate, lanes innermost, with optbench's sine and cosine."""
    for k in range(loss.size):
        loss[k] = 10.0 * x.shape[0]
    for i in range(x.shape[0]):
        for k in range(loss.size):
            a = x[i, k]
            turn = 6.283185307179586 * a
            loss[k] += a * a - 10 * cos(turn)
            g[i, k] = 2 * a + 62.83185307179586 * sin(turn)


@FAST
def styblinski_tang(x, g, loss):
    """Coordinate by coordinate, lanes innermost; the square is shared."""
    for k in range(loss.size):
        loss[k] = 0
    for i in range(x.shape[0]):
        for k in range(loss.size):
            a = x[i, k]
            square = a * a
            loss[k] += 0.5 * (square * (square - 16) + 5 * a)
            g[i, k] = 0.5 * (a * (4 * square - 32) + 5)


@FAST
def wood(x, g, loss):
    """Four variables, lane by lane."""
    for k in range(loss.size):
        a, b, c, d = x[0, k], x[1, k], x[2, k], x[3, k]
        p, q, r, s = b - a * a, 1 - a, d - c * c, 1 - c
        both, apart = b + d - 2, b - d
        loss[k] = 100 * p * p + q * q + 90 * r * r + s * s + 10 * both * both + 0.1 * apart * apart
        g[0, k], g[1, k] = -400 * a * p - 2 * q, 200 * p + 20 * both + 0.2 * apart
        g[2, k], g[3, k] = -360 * c * r - 2 * s, 180 * r + 20 * both - 0.2 * apart


HAND_WRITTEN = {
    function.__name__: function
    for function in (rosenbrock, beale, sphere, rastrigin, styblinski_tang, wood)
}
"""Gradients written by hand, by the problem's name."""


def _over_lanes(problem: Problem) -> bool:
    return "loss" in inspect.signature(problem.formula).parameters


@cache
def _called() -> Callable:
    """Many evaluations through the function pointer, as the loop makes them."""

    def repeat(gradient, x, g, loss, data, rows, keys, steps):
        for step in range(steps):
            gradient(x, g, loss, data, rows, keys, step + 1)

    matrix, vector, counts = array(float64, 2), array(float64, 1), array(int64, 1)
    kinds = (gradient_function("float64"), matrix, matrix, vector, vector, counts, counts, int64)
    return numba.njit(void(*kinds), **FLAGS)(repeat)


def _inlined(formula: Callable) -> Callable:
    """Many evaluations of the formula itself in one compiled function."""
    inner = FAST(formula)
    if "data" in inspect.signature(formula).parameters:

        def repeat(x, g, loss, data, steps):
            for _ in range(steps):
                inner(x, g, loss, data)

    else:

        def repeat(x, g, loss, data, steps):
            for _ in range(steps):
                inner(x, g, loss)

    return FAST(repeat)


def nanoseconds(problem: Problem) -> tuple[float, float, float, float]:
    """Nanoseconds an evaluation of a run: the kernel, the formula inlined, the loops by hand (NaN
    where there are none); and compile seconds.
    """
    x = np.ascontiguousarray(problem.starts(np.arange(LANES)))
    g, loss, rows, keys = (
        np.zeros_like(x),
        np.zeros(LANES),
        np.arange(0),
        problem.keys(np.arange(LANES)),
    )
    data = problem.data_as("float64")
    began = time.perf_counter()
    kernel = problem.kernel()
    compiled = time.perf_counter() - began
    inlined = _inlined(problem.formula)
    timed = [
        lambda n: _called()(kernel, x, g, loss, data, rows, keys, n),
        lambda n: inlined(x, g, loss, data, n),
    ]
    if problem.name in HAND_WRITTEN:
        by_hand = _inlined(HAND_WRITTEN[problem.name].py_func)
        timed.append(lambda n: by_hand(x, g, loss, data, n))
    values = []
    for function in timed:
        g[:] = 0
        function(1)
        values.append((loss.copy(), g.copy()))
    for value, slope in values[1:]:  # what is timed must be what is meant
        np.testing.assert_allclose(value, values[0][0], rtol=1e-9)
        np.testing.assert_allclose(slope, values[0][1], rtol=1e-9, atol=1e-9 * np.abs(slope).max())
    steps = max(20, int(20 * SECONDS / max(_seconds(timed[1], 20), 1e-7)))
    best = np.full((len(timed), 2), np.inf)
    for _ in range(ROUNDS):
        for k, function in enumerate(timed):
            # looking a function pointer up costs 0.3 ms a call from Python, whatever the number of
            # steps
            best[k] = np.minimum(best[k], [_seconds(function, 0), _seconds(function, steps)])
    ns = (best[:, 1] - best[:, 0]) * 1e9 / (steps * LANES)
    return ns[0], ns[1], ns[2] if len(ns) > 2 else np.nan, compiled


def _seconds(function: Callable, steps: int) -> float:
    began = time.perf_counter()
    function(steps)
    return time.perf_counter() - began


def main() -> None:
    """Measure every analytic family and print."""
    console = open_console()
    analytic = [
        p
        for p in suites.every_problem()
        if p.kind == "analytic" and not p.transform and not p.data_set.samples and _over_lanes(p)
    ]
    names = dict.fromkeys(problem.formula for problem in analytic)
    first = {
        problem.formula: problem
        for problem in reversed(suites.every_problem())
        if not problem.transform
    }
    table = Table(title=f"ns an evaluation a run, {LANES} lanes, float64, one thread")
    for heading in (
        "problem",
        "dim",
        "kernel",
        "inlined",
        "ratio",
        "by hand",
        "ratio",
        "compile or load, s",
    ):
        table.add_column(heading, justify="left" if heading == "problem" else "right")
    ratios = []
    with console.status("timing") as status:
        for formula in names:
            problem = first[formula]
            status.update(f"timing {problem.name}")
            kernel, inlined, by_hand, compiled = nanoseconds(problem)
            ratios.append(kernel / inlined)
            beside = (
                ("", "") if np.isnan(by_hand) else (f"{by_hand:.2f}", f"{kernel / by_hand:.2f}")
            )
            table.add_row(
                problem.name,
                str(problem.dim),
                f"{kernel:.2f}",
                f"{inlined:.2f}",
                f"{ratios[-1]:.2f}",
                *beside,
                f"{compiled:.2f}",
            )
    console.print(table)
    above = sum(ratio > 1.25 for ratio in ratios)
    console.print(
        f"kernel over inlined: median {median(ratios):.2f}, largest {max(ratios):.2f}; above 1.25:"
        f" {above} of {len(ratios)}",
        highlight=False,
    )


if __name__ == "__main__":
    plain_output()
    main()
