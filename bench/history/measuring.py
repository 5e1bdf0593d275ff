"""What an installed commit measures of itself: the measures of the optbench that runs, in a process
of their own.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import processes
from .processes import Deadline, TimeUpError

HOME = Path(__file__).parents[1]
"""Where the measures lie: the same for every commit."""

START = """
import importlib.util, os, runpy, sys, threading
folder, module = sys.argv[1:3]
if module != "speed":
    # nothing is ever sent: the pipe ends with the process that holds its other end,
    # and this one with it
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True).start()
spec = importlib.util.spec_from_file_location(
    "benchmarks", f"{folder}/__init__.py", submodule_search_locations=[folder]
)
sys.modules["benchmarks"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["benchmarks"])
del sys.argv[1:3]
runpy.run_module(f"benchmarks.{module}", run_name="__main__", alter_sys=True)
"""
"""A process's code: it loads the asv benchmarks from their folder, not from an import path.

The folder they lie in holds modules, such as `runs`, whose names the measured package may use too.
"""


@dataclass(frozen=True)
class Package:
    """An installed commit.

    name : what errors call it.  folder : where it is installed.  home : a folder of its own, for
    what it compiles and for temporary files. No commit may find another's kernels.  python : the
    interpreter that runs it.
    """

    name: str
    folder: Path
    home: Path
    python: str = sys.executable

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a process that measures it."""
        path = os.pathsep.join([str(self.folder), *filter(None, [os.environ.get("PYTHONPATH")])])
        own = {"OPTBENCH_CACHE_DIR": "kernels", "NUMBA_CACHE_DIR": "numba", "TMPDIR": "temporary"}
        for folder in own.values():
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        # as asv.conf.json has it: what is compared isn't how libraries share the cores
        threads = {"OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
        places = {name: str(self.home / folder) for name, folder in own.items()}
        return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **threads, **places}


def process_of(
    module: str, request: Sequence[Any], package: Package
) -> tuple[list[str], dict[str, Any]]:
    """The command that has `module` of the suite measure the package, and the process's options.

    request : what the module reads as JSON.
    """
    command = [
        package.python,
        "-P",
        "-c",
        START,
        str(HOME / "benchmarks"),
        module,
        json.dumps(request),
    ]
    return command, {"env": package.environment, "stdin": subprocess.PIPE}


def measured(
    module: str, request: Sequence[Any], both: Sequence[Package], deadline: Deadline
) -> list[Any]:
    """What `module` of the suite answers of each package, in a process each, side by side.

    Raises RuntimeError with the package's name and the process's last line where it fails,
    TimeUpError at the deadline.
    """
    return [answers[-1] for answers in streamed(module, [request] * len(both), both, deadline)]


def streamed(
    module: str,
    requests: Sequence[Sequence[Any]],
    both: Sequence[Package],
    deadline: Deadline,
    arrived: Callable[[int], Any] = lambda number: None,
) -> list[list[Any]]:
    """Every line of each package's answer to a request of its own, from processes side by side.

    arrived : called with their number when all have answered a further one.
    """
    counts, lock, errors = [0] * len(both), threading.Lock(), []

    def listen(place: int) -> list[Any]:
        found = []
        try:
            for answer in _lines(module, requests[place], both[place], deadline):
                found.append(answer)
                with lock:
                    before, counts[place] = min(counts), len(found)
                    if min(counts) > before:
                        arrived(min(counts))
        except Exception as error:
            # whatever the other would find is in vain
            errors.append(error)
            processes.end_all()
            raise
        return found

    with ThreadPoolExecutor(len(both)) as pool:
        waiting = [pool.submit(listen, place) for place in range(len(both))]
    if errors:
        raise errors[0]
    return [found.result() for found in waiting]


def _lines(module: str, request: Sequence[Any], package: Package, deadline: Deadline):
    command, options = process_of(module, request, package)
    # a file: a process stops when nobody reads its pipe
    with tempfile.TemporaryFile(
        "w+", encoding="utf-8", errors="replace", dir=package.home
    ) as errors:
        process = processes.start(
            command, **options, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        )
        assert process.stdout is not None
        assert process.stdin is not None
        with process.stdout, process.stdin:
            try:
                with processes.ended_at(deadline, [process]):
                    answer, line = None, ""
                    for line in process.stdout:
                        if (answer := answer_of(line, process)) is None:
                            break
                        yield answer
                    status = process.wait()
            finally:
                processes.end(process)
        if status or answer is None:
            errors.seek(0)
            raise failure(package, errors.read(), status, deadline, line if answer is None else "")


def answer_of(line: str, process: subprocess.Popen) -> Any:
    """What a process says in this line; None where it can't be read, as of one that was killed
    within. It is ended then.
    """
    try:
        return json.loads(line)
    except ValueError:
        processes.end(process)
        return None


def failure(
    package: Package, errors: str, status: int, deadline: Deadline, unread: str = ""
) -> RuntimeError:
    """What to raise where a process that measures this package has failed: its last line, and
    where the package raised.

    unread : a line of it that is no answer, for which it was ended.
    """
    if deadline.over:
        return TimeUpError("the check's time is over")
    traceback = errors.rpartition("Traceback (most recent call last)")[2]
    found = re.findall(r'File "(.+?)", line (\d+)', traceback)
    own = [(Path(file), line) for file, line in found if Path(file).is_relative_to(package.folder)]
    place = f"{own[-1][0].relative_to(package.folder)}, line {own[-1][1]}: " if own else ""
    if unread:
        reason = last_line(errors or f"its answer can't be read: {unread.strip()[:80]!r}", 0)
    else:
        reason = last_line(errors, status)
    return RuntimeError(f"{package.name} can't be measured: {place}{reason}")


def last_line(errors: str, status: int) -> str:
    """The last line that a failed process printed, after the signal that ended it, if one did; else
    its exit status.
    """
    last = errors.strip().splitlines()[-1:]
    if status < 0:
        memory = ", as the system does where memory ends" if status == -signal.SIGKILL else ""
        return "; ".join(
            [f"ended by signal {-status} ({signal.strsignal(-status)}){memory}", *last]
        )
    return (last or [f"exit status {status}"])[0]
