"""How long a step takes, and how long a newcomer waits for the first result.

Wall time sampled in one process is not comparable between commits: 55 % false alarms at factor 1.1 on commits that
changed nothing, 0.6 % with eight fresh processes. So each sample is a process of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import OPTIMIZERS, cell, present

SIZES = {
    "beale": (64, 1000),
    "griewank": (64, 1000),
    "helical_valley": (64, 1000),
    "linear_regression": (64, 20),
    "logistic_regression": (64, 20),
    "matrix_factorisation": (64, 100),
    "mlp": (64, 20),
    "nesterov_worst": (64, 1000),
    "noisy_quadratic": (64, 100),
    "noisy_rosenbrock": (64, 1000),
    "nonsmooth_valley": (64, 1000),
    "plateau": (64, 1000),
    "quadratic": (64, 1000),
    "quadratic[rotated]": (64, 1000),
    "rosenbrock": (64, 1000),
    "rosenbrock[dim=10]": (64, 1000),
    "softmax_regression": (64, 20),
    "xor": (64, 1000),
    # 16 lanes, since a larger block leaves the caches; few steps, since each is recorded on all rows, off the clock
    "digits": (16, 2),
    "digits[hidden=0]": (16, 2),
}
"""Lanes and steps of a timed block: 0.2 to 6 ms each. The digits are timed though the default sweep leaves them out."""
PROBLEMS = tuple(SIZES)
LRS = {
    "adagrad": "1.0e-02",
    "adam": "1.0e-03",
    "adamw": "1.0e-03",
    "lion": "1.0e-04",
    "momentum": "1.0e-04",
    "nesterov": "1.0e-04",
    "rmsprop": "1.0e-03",
    "sgd": "1.0e-03",
}
"""One learning rate each, with which every problem converges slowly: diverged runs and denormal numbers take longer."""
PROCESSES = 8
REPEATS = 3

FIRST_RESULT = """
import time
import optbench as ob
ob.run(["rosenbrock"], ["adam"], lrs=[1e-3], seeds=1, steps=10)
print(time.process_time())
"""


def setup_cache():
    """{(problem, optimizer): a sample a process, or a text that says why not} and {("cold start",): CPU seconds}."""
    told = [json.loads(fresh(["-m", __name__])) for _ in range(PROCESSES)]
    cells = {}
    for problem, optimizer, _ in told[0]:
        samples = [ns for sample in told for *pair, ns in sample if pair == [problem, optimizer]]
        cells[problem, optimizer] = first_reason(samples) or samples
    with tempfile.TemporaryDirectory() as empty:
        # CPU seconds, because other programs of the machine would show in a single wall time
        cells["cold start",] = float(fresh(["-c", FIRST_RESULT], OPTBENCH_CACHE_DIR=empty))
    return cells


setup_cache.timeout = 600


def fresh(arguments, **environment):
    """The last line that a Python process of its own prints. Raises CalledProcessError where it fails."""
    home = Path(__file__).parents[1]
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=home, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[-1]


def measure(problems, optimizers):
    """[problem, optimizer, ns a step and run, or a text that says why not]: the least of REPEATS timed blocks."""
    import optbench as ob

    problems, optimizers = present(problems, optimizers)
    timed = {}
    for lanes, steps in sorted({SIZES[problem] for problem in problems}):
        alike = [problem for problem in problems if SIZES[problem] == (lanes, steps)]
        for optimizer in optimizers * REPEATS:
            # the lanes of a mini-batch problem share the seed, so they differ in lr: from the pair's own down to half of it
            lrs = [float(LRS[optimizer]) * (1 - lane / (2 * lanes)) for lane in range(lanes)]
            runs = ob.run(alike, [optimizer], lrs=lrs, seeds=1, steps=steps, workers=1).runs
            for problem, own in runs.groupby("problem"):
                failed = own["error"][own["status"] == "failed"]
                ns = str(failed.iloc[0]) if len(failed) else float(own["ns_per_step"].min())
                timed.setdefault((problem, optimizer), []).append(ns)
    return [[*pair, first_reason(times) or min(times)] for pair, times in timed.items()]


def first_reason(times):
    """The first text among the times; None where there is none."""
    return next((ns for ns in times if isinstance(ns, str)), None)


class Speed:
    """Every problem and optimizer at one learning rate."""

    params = (PROBLEMS, OPTIMIZERS)
    param_names = ("problem", "optimizer")
    version = "1"  # to be raised when the meaning of a number changes
    unit = "ns"

    def track_step_time(self, cells, problem, optimizer):
        """Nanoseconds per step and run inside the compiled loop; asv compares the samples by a Mann-Whitney test."""
        return {"samples": cell(cells, (problem, optimizer)), "number": 1}


def track_cold_start(cells):
    """CPU seconds from `import optbench` to the first result, with nothing compiled yet."""
    return cell(cells, ("cold start",))


track_cold_start.unit = "s"
track_cold_start.version = "1"


if __name__ == "__main__":
    print(json.dumps(measure(PROBLEMS, OPTIMIZERS)))
