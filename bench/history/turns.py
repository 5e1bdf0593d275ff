"""Two processes, one of each commit, that time their blocks in turns."""

import contextlib
import subprocess
import tempfile
from collections.abc import Sequence
from typing import Any

from . import processes
from .measuring import Package, answer_of, failure, process_of
from .processes import Deadline
from .suite_values import first_reason
from .tracked import Pair


def in_turns(
    pairs: Sequence[Pair],
    both: Sequence[Package],
    blocks: int,
    swapped: bool = False,
    deadline: Deadline | None = None,
) -> tuple[dict[Pair, Any], dict[Pair, Any]]:
    """{pair: the least time of its blocks, or why there is none} of both packages; a process each,
    which take turns.

    swapped : the second goes first.  Raises RuntimeError with a process's last line where it
    fails, TimeUpError at the deadline.
    """
    deadline = deadline or Deadline()
    with contextlib.ExitStack() as stack:
        sides = [stack.enter_context(_Side(pairs, blocks, package, deadline)) for package in both]
        stack.enter_context(processes.ended_at(deadline, [side.process for side in sides]))
        turns = sides[::-1] if swapped else sides
        left = True
        while left:
            answers = [side.turn() for side in turns]
            left = any(answers)
    base, head = sides
    return base.least(), head.least()


class _Side:
    """A process that measures `package` and times its next blocks whenever it is asked to."""

    def __init__(
        self, pairs: Sequence[Pair], blocks: int, package: Package, deadline: Deadline
    ) -> None:
        command, options = process_of("speed", [list(pairs), blocks, True], package)
        # a file: a process stops when nobody reads its pipe
        self._errors = tempfile.TemporaryFile(  # noqa: SIM115
            "w+", encoding="utf-8", errors="replace", dir=package.home
        )
        self.process = processes.start(
            command,
            **options,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._requests, self._answers = self.process.stdin, self.process.stdout
        self._package, self._deadline = package, deadline
        self._found: dict[Pair, list[Any]] = {}

    def __enter__(self) -> "_Side":
        return self

    def __exit__(self, *_: object) -> None:
        with self._errors:
            processes.end(self.process)
            for pipe in (self._requests, self._answers):
                # what a dead process wasn't sent any more stays in the buffer
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def turn(self) -> bool:
        """Let it time its next blocks; False where it has none left. Raises RuntimeError with its
        last line if it fails.
        """
        with contextlib.suppress(BrokenPipeError):  # its status says why
            self._requests.write("\n")
        line = self._answers.readline()
        answer = answer_of(line, self.process) if line else None
        if answer is not None:
            for problem, optimizer, ns in answer:
                self._found.setdefault((problem, optimizer), []).append(ns)
        elif self.process.wait() or line:
            self._errors.seek(0)
            raise failure(
                self._package, self._errors.read(), self.process.returncode, self._deadline, line
            )
        return bool(line)

    def least(self) -> dict[Pair, Any]:
        """{pair: the least time of its blocks; or the reason why one has none}."""
        return {pair: first_reason(times) or min(times) for pair, times in self._found.items()}
