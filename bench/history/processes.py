"""The processes that a check starts: all of them end with it, at its deadline or when it is
killed.
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any


class TimeUpError(RuntimeError):
    """The check's time is over."""


class Deadline:
    """A moment at which measuring ends. seconds : from now; None means never."""

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds until then, 0 once it is over; None means without end."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether it has passed."""
        return self.left == 0.0

    def within(self, seconds: float) -> "Deadline":
        """The nearer one of this and so many seconds from now."""
        return Deadline(seconds if self.left is None else min(seconds, self.left))


_running: set[subprocess.Popen] = set()
_lock = threading.Lock()


def start(command: Sequence[str], **options: Any) -> subprocess.Popen:
    """Start a process in a group of its own, so that what it starts itself ends with it."""
    with _lock:
        process = subprocess.Popen(command, start_new_session=True, **options)
        _running.add(process)
    return process


def end(process: subprocess.Popen) -> None:
    """Kill the process and what it started, and wait for it."""
    with _lock:
        _running.discard(process)
    if process.poll() is None:
        _kill(process)
    process.wait()


def end_all() -> None:
    """Kill every process that runs."""
    # without the lock: a signal's handler may have interrupted who holds it
    for process in list(_running):
        _kill(process)


def _kill(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def output(
    command: Sequence[str], deadline: Deadline, **options: Any
) -> subprocess.CompletedProcess[str]:
    """What a process prints, and its status. Raises TimeUpError where the deadline comes first."""
    process = start(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        **options,
    )
    try:
        out, errors = process.communicate(timeout=deadline.left)
    except subprocess.TimeoutExpired as error:
        end(process)
        process.communicate()  # closes its pipes
        raise TimeUpError("the check's time is over") from error
    finally:
        end(process)
    return subprocess.CompletedProcess(command, process.returncode, out, errors)


@contextlib.contextmanager
def ended_at(deadline: Deadline, processes: Sequence[subprocess.Popen]) -> Iterator[None]:
    """Kill the processes once the deadline has passed, which whoever reads their answers
    notices.
    """
    if deadline.left is None:
        yield
        return
    timer = threading.Timer(deadline.left, lambda: [_kill(process) for process in processes])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
