"""The asv benchmarks, and nothing else: asv imports every module here and takes names such as
track_* for benchmarks.

The benchmarks are read from the working tree and measure the package of any commit. So their
parameters are literals (axes.py), not the installed registry's, which would mislabel old commits.
Their modules import only the standard library at their top: setup_cache does all numerical work,
in one call for each commit, and the track functions only read. Another package's benchmarks are
classes derived from these, with parameters of their own (docs/history.md).
"""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

from . import axes

OPTIMIZERS = tuple(axes.OPTIMIZERS)

GROUPS = ("optbench.optimizers", "optbench.problems")
"""The groups of entry points by which a package brings its own rules and problems."""

if "ASV_ENV_DIR" in os.environ and "ASV_COMMIT" in os.environ:
    # Uninstalling a commit leaves its compiled kernels behind, and Numba would run them for the
    # next commit. This has to stand before optbench and Numba are imported.
    _cache = Path(os.environ["ASV_ENV_DIR"], "optbench-cache", os.environ["ASV_COMMIT"])
    os.environ["OPTBENCH_CACHE_DIR"] = str(_cache)


def present(problems, optimizers):
    """Two lists: those of the problems, and those of the optimizers, that the installed commit has.

    Raises the error of a package that can't be loaded.
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
    """Import the optimizers and problems of the packages in `folder`, or of all where it is "".

    optbench leaves out a plugin that can't be loaded. Then everything that the measured package
    brings would seem gone. So this raises what such a module raises.
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
    """{name in results: name as it is asked for}.

    The two differ where a setting is the commit's default: results leave it out.
    """
    import optbench as ob

    return {getattr(ob.get_optimizer(name), "name", name): name for name in optimizers}


def value_of(found, key):
    """What setup_cache found for `key`.

    Raises SkipNotImplemented, n/a in asv, where the commit lacks it, and RuntimeError, a failure,
    where a text stands there that says why. Both concern this key alone.
    """
    if key not in found:
        from asv_runner.benchmarks.mark import SkipNotImplemented

        raise SkipNotImplemented(f"this commit lacks {' or '.join(key)}")
    if isinstance(found[key], str):
        raise RuntimeError(found[key])
    return found[key]


def fresh(arguments, **environment):
    """The last line that a fresh Python process prints.

    Raises RuntimeError with the last line of its standard error where it fails.
    """
    home = Path(__file__).parents[1]
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=home, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError((done.stderr.splitlines() or [f"exit status {done.returncode}"])[-1])
    return done.stdout.splitlines()[-1]


def reply(module, request, **environment):
    """What `python -m module` of these benchmarks answers, in a fresh process; JSON both ways."""
    return json.loads(fresh(["-m", module, json.dumps(request)], **environment))


def answers():
    """The file to which a process that `optbench history check` starts writes its answers.

    What the package prints must not be among them, nor what its C code prints. So from this call on
    the process's standard output goes to its standard error.
    """
    own = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(own, "w", encoding="utf-8")
