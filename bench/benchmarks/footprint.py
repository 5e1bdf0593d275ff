"""What optbench takes of a machine: bytes of state, and the command's time and memory."""

import os
import subprocess
import sys
import tempfile
import time

from . import OPTIMIZERS, fresh, present, value_of
from .speed import PROBLEMS

IMPORT = """
import time
began = time.perf_counter()
import optbench
print(time.perf_counter() - began)
"""
COMMAND = [
    "run",
    "-p",
    "quadratic,rosenbrock,xor",
    "-o",
    "adam,lion,momentum,sgd",
    "--lr",
    "1e-3,1e-2,1e-1",
]
COMMAND += ["--seeds", "5", "--steps", "1000", "--quiet", "--out"]
"""A sweep with its leaderboard and figures, in options that every commit has."""
ENTER = """
import sys
try:
    from optbench.bench.cli.main import main
except ImportError:  # a commit from before bench/ had rooms
    from optbench.bench.cli import main
sys.argv[0] = "optbench"
main()
"""
REPEATS = 3
"""How many processes import optbench; the least time counts."""


def states(problems, optimizers):
    """{(problem, optimizer): bytes of a run's x and slots, or a text that says why not}."""
    import optbench as ob

    problems, optimizers = present(problems, optimizers)
    found = {}
    for problem in problems:
        start = ob.get_problem(problem).start(0)
        for optimizer in optimizers:
            try:
                slots = ob.get_optimizer(optimizer).start(start).slots.values()
                found[problem, optimizer] = float(start.nbytes + sum(slot.nbytes for slot in slots))
            except Exception as error:
                found[problem, optimizer] = f"{type(error).__name__}: {error}"
    return found


def command():
    """Seconds and peak bytes of one `optbench run`, with figures, kernels compiled before."""
    with tempfile.TemporaryDirectory() as folder:
        start = ENTER
        began = time.perf_counter()
        # from a folder of its own: modules beside the benchmarks have names of other packages, too
        child = subprocess.Popen(
            [sys.executable, "-c", start, *COMMAND, folder],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"optbench run ended with exit status {child.returncode}")
    return seconds, usage.ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)


def state_cache():
    """{(problem, optimizer): bytes}, or why not."""
    return states(PROBLEMS, OPTIMIZERS)


def command_cache():
    """{("optbench run",): seconds and bytes}, or why not."""
    try:
        return {("optbench run",): command()}
    except RuntimeError as error:
        return {("optbench run",): str(error)}


def import_cache():
    """{("import",): seconds}."""
    return {("import",): min(float(fresh(["-c", IMPORT])) for _ in range(REPEATS))}


state_cache.timeout = command_cache.timeout = 600


def track_state(found, problem, optimizer):
    """Bytes of one run's x and slots, float64."""
    return value_of(found, (problem, optimizer))


track_state.params, track_state.param_names = (PROBLEMS, OPTIMIZERS), ("problem", "optimizer")
track_state.unit, track_state.version = "bytes", "1"
# each has a setup of its own, so that asv run -b track_import_time doesn't wait for a whole
# optbench run
track_state.setup_cache = state_cache


def track_run_time(found):
    """Seconds of an `optbench run` of 180 runs with its figures, from the shell's view, kernels
    compiled before.
    """
    return value_of(found, ("optbench run",))[0]


track_run_time.unit, track_run_time.version = "s", "1"
track_run_time.setup_cache = command_cache


def track_run_memory(found):
    """Peak memory of the same command."""
    return value_of(found, ("optbench run",))[1]


track_run_memory.unit, track_run_memory.version = "bytes", "1"
track_run_memory.setup_cache = command_cache  # the same run


def track_import_time(found):
    """Seconds of `import optbench`, the least of three processes."""
    return value_of(found, ("import",))


track_import_time.unit, track_import_time.version = "s", "1"
track_import_time.setup_cache = import_cache
