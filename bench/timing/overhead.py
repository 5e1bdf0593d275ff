"""What the machinery costs, as ratios within one run: `python -m optbench.bench.timing.overhead`.

The loop and its kernels against the same formulas hand-written in one Numba function, ob.run
against its kernels, and the start-up of the command line. Each pair is timed alternately, best of
many, on one thread: machines are noisy.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numba
import numpy as np
from rich.table import Table

from ...kernels.jit import FLAGS
from ...kernels.network.activations import tanh
from ..plugins import discovery
from ..runs.run import compute, run
from ..sweep.sweep import Block
from ..terminal.console import open_console, plain_output


class AdamSettings(NamedTuple):
    """Adam's settings, without the learning rate, which each lane has."""

    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8


@numba.njit(**FLAGS)
def rosenbrock_adam(x, m, v, lr, loss, steps, settings):
    """Adam on the two-dimensional Rosenbrock function over lanes, everything in one loop; x, m, v :
    (2, L).
    """
    beta1, beta2, eps = settings
    for step in range(steps):
        t = float(step + 1)
        c1, c2 = 1 / (1 - beta1**t), 1 / (1 - beta2**t)
        for lane in range(loss.size):
            a, b = x[0, lane], x[1, lane]
            rise, left = b - a * a, 1 - a
            loss[lane] = 100 * rise * rise + left * left
            g0, g1 = -400 * a * rise - 2 * left, 200 * rise
            m0, m1 = beta1 * m[0, lane] + (1 - beta1) * g0, beta1 * m[1, lane] + (1 - beta1) * g1
            v0, v1 = (
                beta2 * v[0, lane] + (1 - beta2) * g0 * g0,
                beta2 * v[1, lane] + (1 - beta2) * g1 * g1,
            )
            x[0, lane] = a - lr[lane] * (m0 * c1) / (sqrt(v0 * c2) + eps)
            x[1, lane] = b - lr[lane] * (m1 * c1) / (sqrt(v1 * c2) + eps)
            m[0, lane], m[1, lane], v[0, lane], v[1, lane] = m0, m1, v0, v1


@numba.njit(**FLAGS)
def xor_adam(x, g, m, v, lr, loss, steps, settings):
    """Adam on the 2-2-1 tanh network over lanes: its nine partial derivatives unrolled; x, g, m,
    v : (9, L).
    """
    beta1, beta2, eps = settings
    for step in range(steps):
        t = float(step + 1)
        c1, c2 = 1 / (1 - beta1**t), 1 / (1 - beta2**t)
        for lane in range(loss.size):
            w00, w01, w10, w11 = x[0, lane], x[1, lane], x[2, lane], x[3, lane]
            b0, b1, u0, u1, c = x[4, lane], x[5, lane], x[6, lane], x[7, lane], x[8, lane]
            p0, p1 = tanh(b0), tanh(b1)
            q0, q1 = tanh(b0 + w10), tanh(b1 + w11)
            r0, r1 = tanh(b0 + w00), tanh(b1 + w01)
            s0, s1 = tanh(b0 + w00 + w10), tanh(b1 + w01 + w11)
            dp, dq = u0 * p0 + u1 * p1 + c, u0 * q0 + u1 * q1 + c - 1
            dr, ds = u0 * r0 + u1 * r1 + c - 1, u0 * s0 + u1 * s1 + c
            loss[lane] = 0.25 * (dp * dp + dq * dq + dr * dr + ds * ds)
            dp, dq, dr, ds = 0.5 * dp, 0.5 * dq, 0.5 * dr, 0.5 * ds
            g[6, lane] = dp * p0 + dq * q0 + dr * r0 + ds * s0
            g[7, lane] = dp * p1 + dq * q1 + dr * r1 + ds * s1
            g[8, lane] = dp + dq + dr + ds
            q0, q1 = dq * u0 * (1 - q0 * q0), dq * u1 * (1 - q1 * q1)
            r0, r1 = dr * u0 * (1 - r0 * r0), dr * u1 * (1 - r1 * r1)
            s0, s1 = ds * u0 * (1 - s0 * s0), ds * u1 * (1 - s1 * s1)
            g[0, lane], g[1, lane], g[2, lane], g[3, lane] = r0 + s0, r1 + s1, q0 + s0, q1 + s1
            g[4, lane] = dp * u0 * (1 - p0 * p0) + q0 + r0 + s0
            g[5, lane] = dp * u1 * (1 - p1 * p1) + q1 + r1 + s1
        for i in range(9):
            for lane in range(loss.size):
                m[i, lane] = beta1 * m[i, lane] + (1 - beta1) * g[i, lane]
                v[i, lane] = beta2 * v[i, lane] + (1 - beta2) * g[i, lane] * g[i, lane]
                x[i, lane] -= lr[lane] * (m[i, lane] * c1) / (sqrt(v[i, lane] * c2) + eps)


def against_hand_written(
    problem: str, lanes: int, steps: int, lr: float = 1e-3
) -> tuple[float, float]:
    """ns a step a run of the loop, and of the hand-written one, in `lanes` lanes."""
    prob, adam = discovery.get_problem(problem), discovery.get_optimizer("adam")
    seeds, lrs = np.arange(lanes), np.full(lanes, lr)
    block = Block(problem=prob, optimizer=adam, steps=steps, lrs=lrs, seeds=seeds)
    starts, loss = prob.starts(seeds), np.empty(lanes)

    def ours() -> float:
        record = compute(block).record
        assert record is not None
        return record.nanoseconds / record.lane_steps

    def theirs() -> float:
        x, g, m, v = (
            starts.copy(),
            np.zeros_like(starts),
            np.zeros_like(starts),
            np.zeros_like(starts),
        )
        began = time.perf_counter()
        if problem == "rosenbrock":
            rosenbrock_adam(x, m, v, lrs, loss, steps, AdamSettings())
        else:
            xor_adam(x, g, m, v, lrs, loss, steps, AdamSettings())
        return (time.perf_counter() - began) * 1e9 / (steps * lanes)

    ours_ns, theirs_ns = _alternately(ours, theirs)
    record = compute(block).record
    assert record is not None
    hand, found = loss.copy(), record.curves[-2]
    # the same runs: what is timed must be what is meant (the hand-written loss is that before the
    # last update)
    if not np.median(np.abs(hand - found) / np.maximum(found, 1e-3)) < 0.2:
        raise RuntimeError("the hand-written loop does other work")
    return ours_ns, theirs_ns


def whole_run(lanes: int = 1000, steps: int = 5000) -> tuple[float, float, float]:
    """Seconds of ob.run, of the kernels within it, and of its `runs` frame: Adam on Rosenbrock, one
    thread, medians.
    """
    measured = []
    for _ in range(15):
        began = time.perf_counter()
        results = run(["rosenbrock"], ["adam"], lrs=[1e-3], seeds=lanes, steps=steps, workers=1)
        took = time.perf_counter() - began
        runs = results.runs
        framed = time.perf_counter() - began - took
        measured.append((took, float((runs["ns_per_step"] * runs["steps"]).sum()) / 1e9, framed))
    whole, kernels, frame = np.median(measured, axis=0)
    return whole, kernels, frame


def command_seconds(*arguments: str) -> float:
    """Wall seconds of a Python command in a fresh process, best of five."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return min(times)


def _alternately(*timed: Callable[[], float], rounds: int = 15) -> list[float]:
    for function in timed:
        function()
    return [
        min(times)
        for times in zip(*[[function() for function in timed] for _ in range(rounds)], strict=True)
    ]


def main() -> None:
    """Measure and print."""
    console = open_console()
    table = Table(title="ns a step a run, Adam, float64, one thread")
    for heading in ("problem", "lanes", "optbench", "hand-written", "ratio"):
        table.add_column(heading, justify="left" if heading == "problem" else "right")
    with console.status("timing kernels"):
        for problem, steps in (("rosenbrock", 5000), ("xor", 2000)):
            for lanes in (64, 128, 256):
                ours, hand = against_hand_written(problem, lanes, steps)
                table.add_row(
                    problem, str(lanes), f"{ours:.2f}", f"{hand:.2f}", f"{ours / hand:.2f}"
                )
    console.print(table)
    with console.status("timing ob.run"):
        whole, kernels, framed = whole_run()
    console.print(
        f"ob.run, 1 000 lanes × 5 000 steps: {whole * 1e3:.1f} ms, of which kernels"
        f" {kernels * 1e3:.1f} ms ({whole / kernels - 1:+.0%}); its data frame of runs, when asked"
        f" for: {framed * 1e3:.1f} ms",
        highlight=False,
    )
    with console.status("timing start-up"):
        empty = command_seconds("-c", "pass")
        imported = command_seconds("-c", "import optbench")
        helped = command_seconds("-c", "from optbench.bench.cli.main import main; main(['--help'])")
    console.print(
        f"import optbench: {imported - empty:.3f} s; optbench --help: {helped:.3f} s (python alone"
        f" {empty:.3f} s)",
        highlight=False,
    )


if __name__ == "__main__":
    plain_output()
    main()
