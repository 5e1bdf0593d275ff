"""A rule or problem run with every array access checked, in a process of its own: `python -m
optbench.bench.check.bounds`.

Compiled code reads and writes past an array's end in silence. Here Numba checks each index; a
crash, a hang or a wrong index is that process's end and not its caller's. A wrong index is then
looked for once more without compiling, where Python knows the line.
"""

import atexit
import faulthandler
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np

from ...kernels import compiler_report
from ...kernels.optimizer import Optimizer
from ...kernels.padding import padded, padded_seeds
from ...kernels.signatures import DTYPES
from ...problems.problem import Problem
from ..plugins.by_name import request_for, subject_of
from . import trial_problem

COMPILING, STEPPING = 300, 20
"""Seconds after which a compilation, and a few steps, count as hanging."""
Action = Callable[[], object]


def fault(subject: Optimizer | Problem) -> str | None:
    """What goes wrong in a process of its own with checked bounds, in a line; None where nothing
    does.

    Raises LookupError where another process can't find the subject: it was made in a function or a
    notebook.
    """
    order = json.dumps([request_for(subject), COMPILING, STEPPING])
    found = _process(order, NUMBA_BOUNDSCHECK="1")
    if found and found.startswith("IndexError"):
        line = _process(order, NUMBA_DISABLE_JIT="1")
        return line if line and line.startswith("IndexError") else found
    return found


@cache
def _folder() -> str:
    """The kernels with checked bounds, gone with this process: nobody runs them again."""
    folder = tempfile.mkdtemp(prefix="optbench-bounds-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _process(order: str, **environment: str) -> str | None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "optbench.bench.check.bounds"],
        input=order,
        capture_output=True,
        check=False,
        # authors' names and reasons come in UTF-8 whatever the locale
        encoding="utf-8",
        errors="replace",
        env={
            **os.environ,
            "PYTHONUTF8": "1",
            "PYTHONIOENCODING": "utf-8",
            "OPTBENCH_CACHE_DIR": _folder(),
            **environment,
        },
    )
    stages = [line for line in done.stdout.splitlines() if line.startswith("@ ")]
    at = stages[-1][2:] if stages else "its start"
    faults = [line for line in done.stdout.splitlines() if line.startswith("! ")]
    if faults and faults[-1] == "! unknown":
        raise LookupError(at)
    if faults:
        return compiler_report.hinted(f"{faults[-1][2:]} ({at})")
    if done.returncode == 0:
        return None
    if "Timeout (" in done.stderr:
        return (
            f"hangs: no end after {COMPILING if at.startswith('compiling') else STEPPING} s ({at})"
        )
    if done.returncode < 0:
        return f"crashes with {signal.Signals(-done.returncode).name} ({at})"
    return (
        f"the process ended with status {done.returncode} ({at}):"
        f" {(done.stderr.strip().splitlines() or ['-'])[-1]}"
    )


def rule_stages(rule: Optimizer) -> Iterator[tuple[str, bool, Action]]:
    """What a rule goes through: a name, whether it compiles, and the action."""
    for dtype in DTYPES:
        # an exception of the rule must be seen here, and not end its run alone
        stepped = partial(trial_problem.walked, rule, dtype=dtype, guarded=False)
        yield f"compiling, {dtype}", True, partial(stepped, trial_problem.flat(), 0)
        for shapes in trial_problem.MANY_SHAPES:
            where = f"{' and '.join(str(shape) for _, shape in shapes)}, {dtype}"
            problem = trial_problem.sphere(shapes)
            yield f"ordinary gradients, shapes {where}", False, partial(stepped, problem, 50)
            for name, perturb in trial_problem.perturbations(dtype).items():
                action = partial(stepped, problem, 5, perturb=perturb)
                yield f"{name} gradients, shapes {where}", False, action


def problem_stages(problem: Problem) -> Iterator[tuple[str, bool, Action]]:
    """What a problem goes through: a name, whether it compiles, and the action."""
    for dtype in DTYPES:
        yield f"compiling, {dtype}", True, partial(problem.kernel, dtype)
        for step in (0, -1, 1, 2):
            yield (
                f"evaluation at step {step}, {dtype}",
                False,
                partial(_evaluate, problem, dtype, step),
            )


def _evaluate(problem: Problem, dtype: str, step: int) -> None:
    x = padded(problem.starts([3]).astype(dtype))
    rows = problem.rows(3, step) if step > 0 else np.arange(problem.data_set.samples)
    keys = padded_seeds(problem.keys([3]))
    problem.kernel(dtype)(
        x, np.zeros_like(x), np.zeros(x.shape[1]), problem.data_as(dtype), rows, keys, step
    )


def main() -> None:
    """Go through the stages of the subject described on standard input; the first fault ends it."""
    request, compiling, stepping = json.load(sys.stdin)
    subject, modules = subject_of(request), request["modules"]
    if subject is None:
        print("! unknown")
        return
    stages = rule_stages(subject) if isinstance(subject, Optimizer) else problem_stages(subject)
    for stage, compiles, action in stages:
        print(f"@ {stage}", flush=True)
        faulthandler.dump_traceback_later(compiling if compiles else stepping, exit=True)
        try:
            action()
        except IndexError as error:
            print(f"! IndexError: {error}{_line(error, modules)}", flush=True)
            return
        except Exception as error:
            # a failed factorisation of odd numbers, which the loop takes for that run's end
            if not (
                isinstance(subject, Optimizer)
                and any(rule.per == "matrix" for rule in subject.rules)
            ):
                print(
                    f"! {type(error).__name__}:"
                    f" {' '.join(str(error).split())[:200]}{_line(error, modules)}",
                    flush=True,
                )
                return
        finally:
            faulthandler.cancel_dump_traceback_later()


def _line(error: BaseException, modules: list[list[str]]) -> str:
    """The place in the author's file, if Python knows it."""
    files = {file for _, file in modules}
    lines = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files
    ]
    return f", {Path(lines[-1].filename).name}, line {lines[-1].lineno}" if lines else ""


if __name__ == "__main__":
    main()
