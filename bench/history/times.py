"""Step times of two commits: processes of both take turns, block by block, so that what slows the
machine slows both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import verdict
from .convergence import LACKING
from .measuring import Package
from .processes import Deadline, TimeUpError
from .suite_values import first_reason
from .tracked import Pair
from .turns import in_turns

ROUNDS, BLOCKS = 6, 2
"""Of the first look at all pairs of problem and optimizer: pairs of processes, and timed blocks of
each in a process.
"""
MORE_ROUNDS, MORE_BLOCKS = 16, 30
"""Of a closer look at what the first finds suspicious; fewer blocks where much is."""
CLOSER_LOOKS = 3
"""At most, each at what those before leave undecided; their pairs of processes are taken
together.
"""
AT_ONCE = 120
"""Blocks of a process in a closer look, about; one takes some 20 ms."""
SLOWER = 1.05
"""A step is slower where the whole interval of its closer looks lies beyond."""
CONFIDENCE = 0.999
"""Of a closer look: some 200 step times are judged, and none should fall by chance."""
TOO_NOISY = 1.25
"""A step time that may have grown by this factor is looked at again, and in the end reported as too
noisy to judge.
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
    first = _look(
        pairs,
        both,
        Rounds(ROUNDS, BLOCKS, lambda done: stage(f"times: round {done} of {ROUNDS}")),
        deadline,
    )
    judged = {pair: verdict.interval(*sides, 0.95) for pair, sides in first.known.items()}
    suspicious = [
        pair
        for pair, found in judged.items()
        if found.ratio > (1 + SLOWER) / 2 or found.high > TOO_NOISY
    ]
    closer = _look_closer(suspicious, both, stage, deadline)
    ratios, again = closer.ratios, closer.known
    lost = first.lost | closer.lost
    slower = {
        pair: (found, min(again[pair][0]), min(again[pair][1]))
        for pair, found in ratios.items()
        if found.low > SLOWER
    }
    line = (
        f"{len(first.known)} step times compared in {first.rounds} pairs of processes,"
        f" {len(ratios)} once more in {MORE_ROUNDS}"
    )
    # an end that is missing, 0 or infinity, means too few pairs
    short = [
        pair
        for pair in suspicious
        if pair not in slower and (pair not in ratios or ratios[pair].low == 0.0)
    ]
    short = [pair for pair in short if pair not in lost] if deadline.over else []
    noisy = [pair for pair in closer.undecided if pair in ratios and pair not in short]
    if noisy:
        problem, optimizer = max(noisy, key=lambda pair: ratios[pair].high)
        worst = ratios[problem, optimizer]
        line += (
            f"; {len(noisy)} too noisy to judge ({problem}, {optimizer}: × {worst.low:.2f} to"
            f" {worst.high:.2f})"
        )
    missing = len(short) + (len(pairs) if not first.rounds else 0)
    return Times(slower, lost, line, missing, len(first.untimed) if first.rounds else 0)


@dataclass(frozen=True)
class _Closer:
    """What closer looks found.

    known, lost : as a Look's, of all of them together.  ratios : {pair: the interval of its times'
    ratio}.  undecided : pairs of which the last look can't say whether they are slower.
    """

    known: dict[Pair, tuple[list[float], list[float]]]
    lost: dict[Pair, str]
    ratios: dict[Pair, verdict.Interval]
    undecided: list[Pair]


def _look_closer(
    suspicious: Sequence[Pair],
    both: Sequence[Package],
    stage: Callable[[str], Any],
    deadline: Deadline,
) -> _Closer:
    """Time the suspicious pairs again, each until it is decided or CLOSER_LOOKS are taken."""
    again: dict[Pair, tuple[list[float], list[float]]] = {pair: ([], []) for pair in suspicious}
    lost: dict[Pair, str] = {}
    ratios, undecided = {}, list(suspicious)
    for number in range(CLOSER_LOOKS):
        if not undecided or deadline.over:
            break
        blocks = max(BLOCKS, min(MORE_BLOCKS, AT_ONCE // len(undecided)))
        text = f"times: {len(undecided)} suspicious ones again, {number + 1} of {CLOSER_LOOKS}"
        begun = _progress(stage, text)
        more = _look(undecided, both, Rounds(MORE_ROUNDS, blocks, begun), deadline)
        lost |= more.lost
        for pair, sides in more.known.items():
            for known, new in zip(again[pair], sides, strict=True):
                known += new
            ratios[pair] = verdict.interval(*again[pair], CONFIDENCE)
        # one that the time didn't suffice to measure again stays what it was
        known = [pair for pair in undecided if pair not in lost]
        undecided = [
            p
            for p in known
            if p not in ratios or (ratios[p].low <= SLOWER and ratios[p].high > TOO_NOISY)
        ]
    return _Closer(again, lost, ratios, undecided)


def _progress(stage: Callable[[str], Any], text: str) -> Callable[[int], Any]:
    return lambda done: stage(f"{text}: round {done} of {MORE_ROUNDS}")


@dataclass(frozen=True)
class Rounds:
    """How a look at some pairs is taken.

    number : pairs of processes.  blocks : timed by each process.  begun : called with the number of
    a round when it begins.
    """

    number: int
    blocks: int
    begun: Callable[[int], Any]


@dataclass(frozen=True)
class Look:
    """What was found in `rounds` pairs of processes.

    known : {pair: times of base, of head, one a process}.  lost : {pair: why HEAD can't time it}.
    untimed : what neither commit has a time of, nor a reason for that.
    """

    known: dict[Pair, tuple[list[float], list[float]]]
    lost: dict[Pair, str]
    untimed: list[Pair]
    rounds: int


def _look(
    pairs: Sequence[Pair], both: Sequence[Package], rounds: Rounds, deadline: Deadline
) -> Look:
    """Time the pairs in several pairs of processes, fewer than asked for where the deadline comes
    first.
    """
    samples: tuple[list[dict[Pair, Any]], list[dict[Pair, Any]]] = ([], [])
    for number in range(rounds.number):
        if deadline.over:
            break
        rounds.begun(number + 1)
        try:
            found = in_turns(pairs, both, rounds.blocks, number % 2 == 1, deadline)
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
    return Look(known, lost, untimed, len(samples[0]))
