"""What a check is doing: a status line on a terminal; without one a line a stage on stderr, and one
a minute of a long one.
"""

import re
import time
from types import TracebackType

from rich.console import Console

SIGN_OF_LIFE = 60.0
"""Seconds without a line after which a long stage shows how far it is."""


class Stages:
    """A context in which stages are reported. `stage("times: round 2 of 6")` is the stage `times`,
    and how far it is.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("starting") if console.is_terminal else None
        self._began = time.monotonic()
        self._printed = self._began
        self._stage = ""

    def __enter__(self) -> "Stages":
        if self._status:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status:
            self._status.stop()

    def __call__(self, text: str) -> None:
        """This is what happens now; an empty text changes nothing."""
        if not text:
            return
        if self._status:
            self._status.update(text)
            return
        now, stage = time.monotonic(), re.sub("round .*", "", text)
        if stage != self._stage or now - self._printed > SIGN_OF_LIFE:
            self._stage, self._printed = stage, now
            self.line(f"{now - self._began:5.0f} s  {text}")

    def line(self, text: str) -> None:
        """A line on stderr."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
