"""What compilation costs from an empty cache.

asv runs this module first, and the other modules find the kernels that it leaves.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import axes, present, reply, value_of

NETWORK = ("mlp",)
"""Networks and regressions share one kernel, which takes longer than all others together and has a
core to itself.
"""
PROBLEMS = tuple(name for name, own in axes.PROBLEMS.items() if own.compiled)
OPTIMIZERS = tuple(name for name, own in axes.OPTIMIZERS.items() if own.compiled)
"""Those with a kernel of their own. The cold start compiles Rosenbrock's and Adam's kernels, and
what all share.
"""


def compiled(problems, optimizers):
    """CPU seconds to the first use of each, from an empty cache, and of the cold start.

    {(name,): seconds, or a text that says why not}; the cold start is ("cold start",). CPU seconds,
    because a single wall time would also show the machine's other programs.
    """
    if "ASV_ENV_DIR" in os.environ and "ASV_COMMIT" in os.environ:
        # of other commits too: nothing reads them any more
        shutil.rmtree(Path(os.environ["OPTBENCH_CACHE_DIR"]).parent, ignore_errors=True)
        return together(problems, optimizers)
    with tempfile.TemporaryDirectory() as empty:
        return together(problems, optimizers, OPTBENCH_CACHE_DIR=empty)


def together(problems, optimizers, **environment):
    """The same from two processes side by side, one a core."""
    networks = [problem for problem in problems if problem in NETWORK]
    formulas = [problem for problem in problems if problem not in NETWORK]
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(reply, __name__, request, **environment)
            for request in ([networks, []], [formulas, optimizers])
        ]
        return {tuple(key): seconds for job in jobs for key, seconds in job.result()}


def seconds_of(problems, optimizers):
    """[key, CPU seconds or why not] of the cold start, and of each that the installed commit has.

    All are measured in this process.
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


def track_problem(found, problem):
    """CPU seconds from an empty cache to a problem's first loss and gradient."""
    return value_of(found, (problem,))


track_problem.params, track_problem.param_names = (PROBLEMS,), ("problem",)
track_problem.unit, track_problem.version = "s", "1"


def track_optimizer(found, optimizer):
    """CPU seconds from an empty cache to an optimizer's first step."""
    return value_of(found, (optimizer,))


track_optimizer.params, track_optimizer.param_names = (OPTIMIZERS,), ("optimizer",)
track_optimizer.unit, track_optimizer.version = "s", "1"


def track_cold_start(found):
    """CPU seconds from `import optbench` to the first result, with nothing compiled yet."""
    return value_of(found, ("cold start",))


track_cold_start.unit, track_cold_start.version = "s", "1"


if __name__ == "__main__":
    print(json.dumps(seconds_of(*json.loads(sys.argv[1]))))
