"""Step times of two commits: processes of both take turns, block by block, so that what slows the machine slows both."""

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..suite.speed import first_reason
from . import verdict
from .cells import Pair
from .measuring import failure, process_of

ROUNDS, BLOCKS = 6, 2
"""Pairs of processes in the first series, and timed blocks of a curve in each process."""
MORE_ROUNDS, MORE_BLOCKS = 16, 30
"""In the second, of what the first finds suspicious; fewer blocks where much is."""
SERIES = 3
"""How often the second is run, of what it leaves undecided, its pairs taken together."""
AT_ONCE = 120
"""Blocks of a process in the second series, about; one takes some 20 ms."""
SLOWER = 1.05
"""A curve is slower where the whole interval of its second series lies beyond."""
CONFIDENCE = 0.999
"""Of the second series: some 200 curves are judged, and none should fall by chance."""
UNTOLD = 1.25
"""A curve that may be as slow as this is measured on, and in the end told as too noisy to judge."""

LACKING = "not in HEAD"


@dataclass(frozen=True)
class Times:
    """slower : {pair: (the ratio's interval, ns before, ns after)}.  lost : {pair: why HEAD can't time it}.

    told : a line that says how sure that is.
    """

    slower: dict[Pair, tuple[verdict.Interval, float, float]]
    lost: dict[Pair, str]
    told: str


def compared(pairs: Sequence[Pair], both: Sequence[Path], tell: Callable[[str], Any]) -> Times:
    """The pairs that became slower from the first of the folders to the second. Raises RuntimeError where a process fails."""
    first, lost = _series(pairs, both, ROUNDS, BLOCKS, lambda done: tell(f"times: round {done} of {ROUNDS}"))
    judged = {pair: verdict.interval(*sides, 0.95) for pair, sides in first.items()}
    suspicious = [pair for pair, found in judged.items() if found.ratio > (1 + SLOWER) / 2 or found.high > UNTOLD]
    again: dict[Pair, tuple[list[float], list[float]]] = {pair: ([], []) for pair in suspicious}
    ratios, undecided = {}, suspicious
    for number in range(SERIES):
        if not undecided:
            break
        blocks = max(BLOCKS, min(MORE_BLOCKS, AT_ONCE // len(undecided)))
        words = f"{len(undecided)} suspicious times {('once', 'twice', 'thrice')[number]} more: round "
        more, late = _series(
            undecided, both, MORE_ROUNDS, blocks, lambda done, words=words: tell(f"{words}{done} of {MORE_ROUNDS}")
        )
        lost |= late
        for pair, sides in more.items():
            for known, new in zip(again[pair], sides, strict=True):
                known += new
            ratios[pair] = verdict.interval(*again[pair], CONFIDENCE)
        undecided = [pair for pair in more if ratios[pair].low <= SLOWER and ratios[pair].high > UNTOLD]
    slower = {pair: (found, min(again[pair][0]), min(again[pair][1])) for pair, found in ratios.items() if found.low > SLOWER}
    told = f"{len(first)} step times compared in {ROUNDS} pairs of processes, {len(suspicious)} once more in {MORE_ROUNDS}"
    if undecided:
        problem, optimizer = max(undecided, key=lambda pair: ratios[pair].high)
        worst = ratios[problem, optimizer]
        told += f"; {len(undecided)} too noisy to judge ({problem}, {optimizer}: × {worst.low:.2f} to {worst.high:.2f})"
    return Times(slower, lost, told)


def _series(
    pairs: Sequence[Pair], both: Sequence[Path], rounds: int, blocks: int, tell: Callable[[int], Any]
) -> tuple[dict[Pair, tuple[list[float], list[float]]], dict[Pair, str]]:
    """{pair: times of base, of head, a process each}, and why head can't time what it fails in or base alone has."""
    samples: tuple[list[dict[Pair, Any]], list[dict[Pair, Any]]] = ([], [])
    for number in range(rounds):
        tell(number + 1)
        for side, found in zip(samples, in_turns(pairs, both, blocks, number % 2 == 1), strict=True):
            side.append(found)
    known, lost = {}, {}
    for pair in pairs:
        sides = [[sample.get(pair, LACKING) for sample in side] for side in samples]
        told, missing = (first_reason(side) for side in sides)
        if told is None and missing is None:
            known[pair] = sides[0], sides[1]
        elif missing is not None and (told is None or missing != LACKING):
            # what HEAD fails in is lost, whether or not BASE could time it
            lost[pair] = missing
    return known, lost


def in_turns(
    pairs: Sequence[Pair], both: Sequence[Path], blocks: int, swapped: bool = False
) -> tuple[dict[Pair, Any], dict[Pair, Any]]:
    """{pair: the least time of its blocks, or why there is none} of both packages; a process each, which take turns.

    swapped : the second goes first.  Raises RuntimeError with a process's last words where it fails.
    """
    with contextlib.ExitStack() as stack:
        sides = [stack.enter_context(_Side(pairs, blocks, package)) for package in both]
        turns = sides[::-1] if swapped else sides
        left = True
        while left:
            answers = [side.turn() for side in turns]
            left = any(answers)
    base, head = sides
    return base.least(), head.least()


class _Side:
    """A process that measures `package` and times its next blocks whenever it is asked to."""

    def __init__(self, pairs: Sequence[Pair], blocks: int, package: Path) -> None:
        # a file: a process stops when nobody reads its pipe
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115, closed with the process
        command, options = process_of("speed", [list(pairs), blocks, True], package)
        self._process = subprocess.Popen(
            command, **options, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, bufsize=1
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._package = package
        self._found: dict[Pair, list[Any]] = {}

    def __enter__(self) -> "_Side":
        return self

    def __exit__(self, *_: object) -> None:
        with self._errors:
            self._process.kill()
            self._process.wait()
            for pipe in (self._requests, self._answers):
                # what a dead process wasn't sent any more stays in the buffer
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def turn(self) -> bool:
        """Let it time its next blocks; False where it has none left. Raises RuntimeError with its last words if it fails."""
        with contextlib.suppress(BrokenPipeError):  # its status says why
            self._requests.write("\n")
        answer = self._answers.readline()
        if answer:
            for problem, optimizer, ns in json.loads(answer):
                self._found.setdefault((problem, optimizer), []).append(ns)
        elif self._process.wait():
            self._errors.seek(0)
            raise failure(self._package, self._errors.read(), self._process.returncode)
        return bool(answer)

    def least(self) -> dict[Pair, Any]:
        """{pair: the least time of its blocks; or the reason why one has none}."""
        return {pair: first_reason(times) or min(times) for pair, times in self._found.items()}
