"""What every coordinate-wise rule costs: `python -m optbench.bench.timing.optimizers`.

Nanoseconds a coordinate of its kernel, against the same formula in hand-written loops over lanes:
its statements between `for i` and `for lane`, with an array of its own for each slot. Both are
timed alternately, best of many, on one thread. Compile seconds are those of the kernel, in a cache
that has nothing but the machinery.
"""

import ast
import inspect
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from functools import cache
from statistics import median

import numba
import numpy as np
from numba import int64, void
from rich.table import Table

from ...kernels.groups import group_types, setup_of
from ...kernels.jit import FLAGS
from ...kernels.no_problem import no_feed, no_gradient_kernel
from ...kernels.optimizer import Optimizer
from ...kernels.padding import tensor_layout
from ...kernels.registry import registered
from ...kernels.signatures import Evaluate, array, gradient_function, storage, update_function
from ..plugins import discovery
from ..terminal.console import open_console, plain_output

DIM, LANES = 64, 64
"""Coordinates and lanes of the timed block: with five slots 230 kB, inside a second-level cache."""


def hand_written(optimizer: Optimizer) -> Callable:
    """The rule's own statements in loops over steps, coordinates and lanes: (x, g, steps, scale,
    lr, *slots), in place.
    """
    rule = optimizer.rule
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule.function)))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    body = [
        node
        for node in function.body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    targets = ", ".join(f"{word}_[i, k]" for word in ("x", *rule.slots))
    statements = "\n".join(ast.unparse(_Returns(targets).visit(node)) for node in body)
    settings = "".join(f"    {word} = {value!r}\n" for word, value in optimizer.settings.items())
    arrays = "".join(f", {slot}_" for slot in rule.slots)
    loads = "".join(f"                {word} = {word}_[i, k]\n" for word in ("x", "g", *rule.slots))
    source = (
        f"def loops(x_, g_, steps, scale, lr_{arrays}):\n{settings}    for step in range(steps):\n "
        "       t = float(step + 1)\n        for i in range(x_.shape[0]):\n            for k in"
        f" range(x_.shape[1]):\n{loads}                lr = scale *"
        f" lr_[k]\n{textwrap.indent(statements, ' ' * 16)}\n"
    )
    namespace = dict(rule.function.__globals__)
    exec(compile(source, f"<{rule.name} by hand>", "exec"), namespace)
    return numba.njit(**FLAGS)(namespace["loops"])


class _Returns(ast.NodeTransformer):
    """`return a, b` becomes `x[i, k], m[i, k] = a, b` and the next lane."""

    def __init__(self, targets: str):
        self.targets = targets

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        assert node.value is not None
        return [*ast.parse(f"{self.targets} = {ast.unparse(node.value)}").body, ast.Continue()]


@cache
def repeated() -> Callable:
    """Many updates through the function pointer, as the loop calls it: (gradient, update, x, g,
    ..., steps).
    """

    def repeat(gradient, update, x, g, state, feed, setup, steps):
        settings, lr, layout, data, keys = (
            setup.settings,
            setup.lr,
            setup.layout,
            feed.data,
            feed.seeds,
        )
        loss, rows, extra = np.zeros(lr.size), np.arange(0), np.zeros(lr.size, np.int64)
        for step in range(steps):
            evaluate = Evaluate(data, rows, keys, step, extra, x, gradient)
            update(x, g, loss, float(step + 1), 1.0, state, settings, lr, layout, evaluate)

    matrix, (feed, setup, *_) = array(storage("float64"), 2), group_types("float64")
    gradient, update = gradient_function("float64"), update_function("float64")
    signature = void(gradient, update, matrix, matrix, matrix, feed, setup, int64)
    return numba.njit(signature, **FLAGS)(repeat)


def against_hand_written(
    optimizer: Optimizer, rounds: int = 12, steps: int = 1000
) -> tuple[float, float]:
    """ns a coordinate of the rule's kernel and of the hand-written loops, which must agree to
    1e-9.
    """
    random = np.random.default_rng(0)
    x, g = random.normal(size=(DIM, LANES)), random.normal(size=(DIM, LANES))
    layout = tensor_layout((("x", (DIM,)),))
    start = optimizer.initial_state(x, layout)
    theirs, ours, kernel = hand_written(optimizer), repeated(), optimizer.kernel()
    gradient, feed = no_gradient_kernel("float64"), no_feed(range(LANES), "float64")
    lr = np.full(LANES, optimizer.lr)
    setup = setup_of(optimizer, lr, layout)
    times = []
    for _ in range(rounds):
        a, b, state = x.copy(), x.copy(), start.copy()
        slots = [start[rows].copy() for rows in optimizer.slot_rows(layout).values()]
        began = time.perf_counter()
        ours(gradient, kernel, a, g, state, feed, setup, steps)
        middle = time.perf_counter()
        theirs(b, g, steps, 1.0, lr, *slots)
        times.append((middle - began, time.perf_counter() - middle))
        if not np.allclose(a, b, rtol=1e-9, atol=1e-12):
            raise RuntimeError(f"{optimizer.name}: the hand-written loops do other work")
    found, hand = (
        min(column) * 1e9 / (steps * DIM * LANES) for column in zip(*times[1:], strict=True)
    )
    return found, hand


COMPILE = """
import sys, time
import optbench as ob

ob.get_optimizer("sgd").kernel()  # loads the machinery, off the clock
began = time.perf_counter()
ob.get_optimizer(sys.argv[1]).kernel()
print(time.perf_counter() - began)
"""


def compile_seconds(name: str, cache: str) -> float:
    """Wall seconds from nothing to the rule's kernel, in a process of its own that has compiled
    sgd.
    """
    environment = {**os.environ, "OPTBENCH_CACHE_DIR": cache}
    command = [sys.executable, "-c", COMPILE, name]
    return float(
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    )


def main() -> None:
    """Measure every rule and print."""
    discovery.discover()
    console = open_console()
    table = Table(
        title=f"coordinate-wise rules, float64, {DIM} coordinates × {LANES} lanes, one thread"
    )
    for heading in ("rule", "ns a coordinate", "hand-written", "ratio", "compile s"):
        table.add_column(heading, justify="left" if heading == "rule" else "right")
    ratios, compiles = [], []
    with console.status("timing") as status, tempfile.TemporaryDirectory() as cache:
        compile_seconds("sgd", cache)
        for name, optimizer in registered().items():
            status.update(f"timing {name}")
            seconds = compile_seconds(name, cache)
            compiles.append(seconds)
            if optimizer.rule.per != "coordinate" or optimizer.rule.wraps:
                table.add_row(name, "", "", "", f"{seconds:.2f}")
                continue
            ours, hand = against_hand_written(optimizer)
            ratios.append(ours / hand)
            table.add_row(name, f"{ours:.2f}", f"{hand:.2f}", f"{ratios[-1]:.2f}", f"{seconds:.2f}")
    console.print(table)
    console.print(
        f"ratio: median {median(ratios):.2f}, largest {max(ratios):.2f}; compile: median"
        f" {median(compiles):.2f} s, largest {max(compiles):.1f} s",
        highlight=False,
    )


if __name__ == "__main__":
    plain_output()
    main()
