"""Step times of two commits: processes of both take turns, block by block, so that what slows the
machine slows both.
"""

import contextlib
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import processes, verdict
from .convergence import LACKING
from .measuring import Package, answer_of, failure, process_of
from .processes import Deadline, TimeUpError
from .suite_values import first_reason
from .tracked import Pair

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
"""A curve that may be as slow as this is measured on, and in the end reported as too noisy to
judge.
"""
BUDGET = 300.0
"""Seconds after which no further round begins, unless the check has a timeout of its own."""


@dataclass(frozen=True)
class Times:
    """slower : {pair: (the ratio's interval, ns before, ns after)}.  lost : {pair: why HEAD can't
    time it}.

    line : what was compared, and how sure that is.  unjudged : pairs for which the time didn't
    suffice.
    untimed : pairs of which neither commit has a time, nor a reason for that.
    """

    slower: dict[Pair, tuple[verdict.Interval, float, float]]
    lost: dict[Pair, str]
    line: str
    unjudged: int = 0
    untimed: int = 0


def compared(
    pairs: Sequence[Pair],
    both: Sequence[Package],
    stage: Callable[[str], Any],
    deadline: Deadline | None = None,
) -> Times:
    """The pairs that became slower from the first of the packages to the second, as far as known at
    the deadline.

    Raises RuntimeError where a process fails.
    """
    deadline = deadline or Deadline()
    first, lost, untimed, rounds = _series(
        pairs,
        both,
        ROUNDS,
        BLOCKS,
        lambda done: stage(f"times: round {done} of {ROUNDS}"),
        deadline,
    )
    judged = {pair: verdict.interval(*sides, 0.95) for pair, sides in first.items()}
    suspicious = [
        pair
        for pair, found in judged.items()
        if found.ratio > (1 + SLOWER) / 2 or found.high > UNTOLD
    ]
    again: dict[Pair, tuple[list[float], list[float]]] = {pair: ([], []) for pair in suspicious}
    ratios, undecided = {}, suspicious
    for number in range(SERIES):
        if not undecided or deadline.over:
            break
        blocks = max(BLOCKS, min(MORE_BLOCKS, AT_ONCE // len(undecided)))
        words = (
            f"times: {len(undecided)} suspicious ones {('once', 'twice', 'thrice')[number]} more:"
            " round "
        )
        more, late, _, _ = _series(
            undecided,
            both,
            MORE_ROUNDS,
            blocks,
            lambda done, words=words: stage(f"{words}{done} of {MORE_ROUNDS}"),
            deadline,
        )
        lost |= late
        for pair, sides in more.items():
            for known, new in zip(again[pair], sides, strict=True):
                known += new
            ratios[pair] = verdict.interval(*again[pair], CONFIDENCE)
        # one that the time didn't suffice to measure again stays what it was
        known = [pair for pair in undecided if pair not in lost]
        undecided = [
            p
            for p in known
            if p not in ratios or (ratios[p].low <= SLOWER and ratios[p].high > UNTOLD)
        ]
    slower = {
        pair: (found, min(again[pair][0]), min(again[pair][1]))
        for pair, found in ratios.items()
        if found.low > SLOWER
    }
    line = (
        f"{len(first)} step times compared in {rounds} pairs of processes, {len(ratios)} once more"
        f" in {MORE_ROUNDS}"
    )
    # an end that is missing, 0 or infinity, means too few pairs
    short = [
        pair
        for pair in suspicious
        if pair not in slower and (pair not in ratios or ratios[pair].low == 0.0)
    ]
    short = [pair for pair in short if pair not in lost] if deadline.over else []
    noisy = [pair for pair in undecided if pair in ratios and pair not in short]
    if noisy:
        problem, optimizer = max(noisy, key=lambda pair: ratios[pair].high)
        worst = ratios[problem, optimizer]
        line += (
            f"; {len(noisy)} too noisy to judge ({problem}, {optimizer}: × {worst.low:.2f} to"
            f" {worst.high:.2f})"
        )
    missing = len(short) + (len(pairs) if not rounds else 0)
    return Times(slower, lost, line, missing, len(untimed) if rounds else 0)


def _series(
    pairs: Sequence[Pair],
    both: Sequence[Package],
    rounds: int,
    blocks: int,
    begun: Callable[[int], Any],
    deadline: Deadline,
) -> tuple[dict[Pair, tuple[list[float], list[float]]], dict[Pair, str], list[Pair], int]:
    """{pair: times of base, of head, a process each}, why head can't time what it fails in or base
    alone has, what neither has, and the rounds.

    Fewer rounds than asked for where the deadline comes first.
    """
    samples: tuple[list[dict[Pair, Any]], list[dict[Pair, Any]]] = ([], [])
    for number in range(rounds):
        if deadline.over:
            break
        begun(number + 1)
        try:
            found = in_turns(pairs, both, blocks, number % 2 == 1, deadline)
        except TimeUpError:
            break
        for side, sample in zip(samples, found, strict=True):
            side.append(sample)
    known, lost, untimed = {}, {}, []
    for pair in pairs if samples[0] else ():
        sides = [[sample.get(pair, LACKING) for sample in side] for side in samples]
        before, after = (first_reason(side) for side in sides)
        if before is None and after is None:
            known[pair] = sides[0], sides[1]
        elif after is not None and (before is None or after != LACKING):
            # what HEAD fails in is lost, whether or not BASE could time it
            lost[pair] = after
        elif before == after == LACKING:
            untimed.append(pair)
    return known, lost, untimed, len(samples[0])


def in_turns(
    pairs: Sequence[Pair],
    both: Sequence[Package],
    blocks: int,
    swapped: bool = False,
    deadline: Deadline | None = None,
) -> tuple[dict[Pair, Any], dict[Pair, Any]]:
    """{pair: the least time of its blocks, or why there is none} of both packages; a process each,
    which take turns.

    swapped : the second goes first.  Raises RuntimeError with a process's last words where it
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
        last words if it fails.
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
