"""How long the kernels of one optimizer and one problem take to compile: in a process of its own,
which finds nothing compiled.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from ...kernels.loop import loop_kernel
from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem
from ..plugins.by_name import request_for, subject_of


def compile_seconds(problem: Problem, optimizer: Optimizer, dtype: str) -> dict[str, float] | None:
    """Seconds to compile gradient, update and loop; None where another process can't find them."""
    request = {
        "problem": request_for(problem),
        "optimizer": request_for(optimizer),
        "dtype": dtype,
    }
    with tempfile.TemporaryDirectory(prefix="optbench-cost-") as folder:
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OPTBENCH_CACHE_DIR": folder},
        )
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def main() -> None:
    """Compile what standard input names, and print the seconds it took."""
    request = json.load(sys.stdin)
    problem, optimizer = subject_of(request["problem"]), subject_of(request["optimizer"])
    if not isinstance(problem, Problem) or not isinstance(optimizer, Optimizer):
        sys.exit(1)
    seconds = {}
    for part, compile_it in (
        ("gradient", problem.kernel),
        ("update", optimizer.kernel),
        ("loop", loop_kernel),
    ):
        began = time.perf_counter()
        compile_it(request["dtype"])
        seconds[part] = round(time.perf_counter() - began, 2)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
