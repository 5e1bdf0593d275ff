"""The folder that a check works in: gone when the check ends, is interrupted or terminated; else
the next check removes it.
"""

import contextlib
import fcntl
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from . import processes

PREFIX = "optbench-check-"
LOCK = "lock"
"""A file that the living process holds locked: of a dead one's, anybody gets the lock."""
UNLOCKED_SECONDS = 3600
"""Age of a folder without the file after which nobody is about to make it."""


@contextlib.contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for one check. At its end all processes of the check are killed and the folder is
    removed.
    """
    remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with _ending_on_signals(), open(folder / LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            processes.end_all()
            shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove the folders of checks that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # another user's can't be opened
        with contextlib.suppress(OSError):
            if _abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    if not (folder / LOCK).exists():
        return time.time() - folder.stat().st_mtime > UNLOCKED_SECONDS
    with open(folder / LOCK, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@contextlib.contextmanager
def _ending_on_signals() -> Iterator[None]:
    """Let SIGTERM, SIGHUP and SIGINT kill the check's processes first: threads wait for their
    answers.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        processes.end_all()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    numbers = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]
    # what nohup ignores stays ignored
    before = {
        number: signal.signal(number, leave)
        for number in numbers
        if signal.getsignal(number) != signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
