"""What compiling costs, from nothing: asv runs this module first, and the kernels that it leaves
serve the others.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import cell, present, told

NETWORK = ("mlp",)
"""Networks and regressions share one kernel, which takes longer than all others together and has a
core to itself.
"""
PROBLEMS = (
    "beale",
    "griewank",
    "helical_valley",
    "matrix_factorisation",
    "mlp",
    "nesterov_worst",
    "noisy_quadratic",
    "noisy_rosenbrock",
    "nonsmooth_valley",
    "plateau",
    "quadratic",
)
OPTIMIZERS = ("adagrad", "adamw", "lion", "momentum", "nesterov", "rmsprop", "sgd")
"""What has a kernel of its own. Those of Rosenbrock and Adam, and what all share, are the cold
start.
"""


def compiled(problems, optimizers):
    """CPU seconds to the first use of each, all with an empty cache: {(name,): seconds or why not}
    and ("cold start",).

    CPU seconds, because other programs of the machine would show in a single wall time.
    """
    if "ASV_ENV_DIR" in os.environ and "ASV_COMMIT" in os.environ:
        # of other commits too, which nobody reads any more
        shutil.rmtree(Path(os.environ["OPTBENCH_CACHE_DIR"]).parent, ignore_errors=True)
        return together(problems, optimizers)
    with tempfile.TemporaryDirectory() as empty:
        return together(problems, optimizers, OPTBENCH_CACHE_DIR=empty)


def together(problems, optimizers, **environment):
    """What two processes found side by side, one a core."""
    networks = [problem for problem in problems if problem in NETWORK]
    formulas = [problem for problem in problems if problem not in NETWORK]
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(told, __name__, words, **environment)
            for words in ([networks, []], [formulas, optimizers])
        ]
        return {tuple(key): seconds for job in jobs for key, seconds in job.result()}


def seconds_of(problems, optimizers):
    """[key, CPU seconds or why not] of the cold start and of each that the installed commit has, in
    this process.
    """
    import optbench as ob

    found = []
    if optimizers:
        # before anything else: this compiles what all kernels share, and is what a newcomer waits
        # for
        ob.run(["rosenbrock"], ["adam"], lrs=[1e-3], seeds=1, steps=10)
        found.append([["cold start"], time.process_time()])
    problems, optimizers = present(problems, optimizers)

    def of_problem(name):
        problem = ob.get_problem(name)
        problem.value_and_grad(problem.start(0))

    def of_optimizer(name):
        ob.get_optimizer(name).start([1.0, 1.0]).step([1.0, 1.0])

    for use, names in ((of_problem, problems), (of_optimizer, optimizers)):
        for name in names:
            began = time.process_time()
            try:
                use(name)
                found.append([[name], time.process_time() - began])
            except Exception as error:
                found.append([[name], f"{type(error).__name__}: {error}"])
    return found


def setup_cache():
    """{(name,): CPU seconds, or a text that says why not}."""
    return compiled(PROBLEMS, OPTIMIZERS)


setup_cache.timeout = 600


def track_problem(cells, problem):
    """CPU seconds from an empty cache to a problem's first loss and gradient."""
    return cell(cells, (problem,))


track_problem.params, track_problem.param_names = (PROBLEMS,), ("problem",)
track_problem.unit, track_problem.version = "s", "1"


def track_optimizer(cells, optimizer):
    """CPU seconds from an empty cache to an optimizer's first step."""
    return cell(cells, (optimizer,))


track_optimizer.params, track_optimizer.param_names = (OPTIMIZERS,), ("optimizer",)
track_optimizer.unit, track_optimizer.version = "s", "1"


def track_cold_start(cells):
    """CPU seconds from `import optbench` to the first result, with nothing compiled yet."""
    return cell(cells, ("cold start",))


track_cold_start.unit, track_cold_start.version = "s", "1"


if __name__ == "__main__":
    print(json.dumps(seconds_of(*json.loads(sys.argv[1]))))
