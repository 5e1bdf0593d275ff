"""What an installed commit measures of itself: the measures of the optbench that runs, in a process of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1]
"""Where the measures lie: the same for every commit."""

START = """
import importlib.util, runpy, sys
folder, module = sys.argv[1:3]
spec = importlib.util.spec_from_file_location("suite", f"{folder}/__init__.py", submodule_search_locations=[folder])
sys.modules["suite"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["suite"])
del sys.argv[1:3]
runpy.run_module(f"suite.{module}", run_name="__main__", alter_sys=True)
"""
"""The suite, loaded from its folder: beside it lie modules whose names are words of the measured package too."""


def measured(module: str, words: Sequence[Any], installed: Path) -> list[list[Any]]:
    """What `module` of the suite measures of the package in the folder `installed`, in a process of its own.

    Raises RuntimeError with the folder's name and the process's last words where it fails.
    """
    command, options = process_of(module, words, installed)
    done = subprocess.run(command, **options, capture_output=True)
    if done.returncode:
        raise failure(installed, done.stderr, done.returncode)
    return json.loads(done.stdout.splitlines()[-1])


def process_of(module: str, words: Sequence[Any], installed: Path) -> tuple[list[str], dict[str, Any]]:
    """The command that has `module` of the suite measure the package in the folder `installed`, and subprocess's options."""
    path = os.pathsep.join([str(installed), *filter(None, [os.environ.get("PYTHONPATH")])])
    # as asv.conf.json has it: what is compared isn't how libraries share the cores
    settings = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    return [sys.executable, "-P", "-c", START, str(HOME / "suite"), module, json.dumps(words)], {"env": settings, "text": True}


def failure(installed: Path, errors: str, status: int) -> RuntimeError:
    """What to raise where a process that measures this package has failed."""
    return RuntimeError(f"{installed.name} can't be measured: {last_words(errors, status)}")


def last_words(errors: str, status: int) -> str:
    """The last line that a failed process printed; its exit status where it printed none."""
    return (errors.strip().splitlines() or [f"exit status {status}"])[-1]
