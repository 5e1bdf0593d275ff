"""The asv benchmarks, and nothing else: asv imports every module here and takes names such as
track_* for benchmarks.

The suite is read from the working tree and measures the package of any commit. So its parameters
are literals, not the installed registry's (which would mislabel old commits), and its modules
import only the standard library at their top: all numerical work is done once a commit, in
setup_cache, and the track functions only read. Another package's suite is classes derived from
these, with parameters of its own (docs/history.md).
"""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

OPTIMIZERS = ("adagrad", "adam", "adamw", "lion", "momentum", "nesterov", "rmsprop", "sgd")

GROUPS = ("optbench.optimizers", "optbench.problems")
"""Of entry points by which a package brings its own."""

if "ASV_ENV_DIR" in os.environ and "ASV_COMMIT" in os.environ:
    # Uninstalling a commit leaves its compiled kernels behind, and Numba would run them for the
    # next commit. This has to stand before optbench and Numba are imported.
    _cache = Path(os.environ["ASV_ENV_DIR"], "optbench-cache", os.environ["ASV_COMMIT"])
    os.environ["OPTBENCH_CACHE_DIR"] = str(_cache)


def present(problems, optimizers):
    """Those of the names that the installed commit has: two lists. Raises what a package does that
    can't be loaded.
    """
    import optbench as ob

    # every commit has these two: where they aren't found, something else is wrong, and nothing is
    # merely lacking
    ob.get_problem("quadratic")
    ob.get_optimizer("sgd")

    def known(find, name):
        try:
            find(name)
        except ValueError:
            return False
        return True

    found = (
        [name for name in problems if known(ob.get_problem, name)],
        [name for name in optimizers if known(ob.get_optimizer, name)],
    )
    if sum(map(len, found)) < len([*problems, *optimizers]):
        # what is measured is first in PYTHONPATH, or alone in an environment that asv made; other
        # packages don't matter
        alone = "ASV_ENV_DIR" in os.environ and "ASV_PYTHONPATH" not in os.environ
        load_plugins("" if alone else os.environ.get("PYTHONPATH", "").split(os.pathsep)[0])
    return found


def load_plugins(folder):
    """Import what the packages installed in `folder` (all, where it is empty) register as
    optimizers or problems.

    optbench leaves out a plugin that can't be loaded; of what is measured, all that it brings would
    seem gone. Raises what such a module raises.
    """
    found = (
        importlib.metadata.distributions(path=[folder])
        if folder
        else importlib.metadata.distributions()
    )
    for entry in (
        entry
        for distribution in found
        for entry in distribution.entry_points
        if entry.group in GROUPS
    ):
        entry.load()


def spelled(optimizers):
    """{name in results: name as it is asked}: a setting that is the commit's default isn't in the
    results' names.
    """
    import optbench as ob

    return {getattr(ob.get_optimizer(name), "name", name): name for name in optimizers}


def cell(cells, key):
    """What setup_cache found for `key`: n/a in asv where the commit lacks it, a failure where there
    is only a reason.

    Raises SkipNotImplemented or RuntimeError, which concern this cell alone.
    """
    if key not in cells:
        from asv_runner.benchmarks.mark import SkipNotImplemented

        raise SkipNotImplemented(f"this commit lacks {' or '.join(key)}")
    if isinstance(cells[key], str):
        raise RuntimeError(cells[key])
    return cells[key]


def fresh(arguments, **environment):
    """The last line that a Python process of its own prints. Raises RuntimeError with its last
    words where it fails.
    """
    home = Path(__file__).parents[1]
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=home, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError((done.stderr.splitlines() or [f"exit status {done.returncode}"])[-1])
    return done.stdout.splitlines()[-1]


def told(module, words, **environment):
    """What `python -m module` of this suite answers to `words`, as JSON both ways, from a process
    of its own.
    """
    return json.loads(fresh(["-m", module, json.dumps(words)], **environment))


def answers():
    """Where a process that `optbench history check` starts writes its answers; what the package
    prints is none of them.

    Nor what its C code does: the process's standard output is its standard error from now on.
    """
    own = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(own, "w", encoding="utf-8")
