"""Import time and peak memory of two commits: fresh processes of both, side by side, more of them
where one looks dearer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .cases import ANY, Case
from .findings import Finding
from .measuring import Package, measured
from .processes import Deadline

ROUNDS, MORE_ROUNDS = 2, 4
"""Pairs of processes, and further ones where the first leave a doubt."""


@dataclass(frozen=True)
class Measure:
    """Something that a fresh process costs. HEAD costs more where its least is beyond BASE's least
    x factor + slack.
    """

    name: str
    what: str
    label: str
    factor: float
    slack: float
    scale: float
    unit: str

    def dearer(self, base: Sequence[float], head: Sequence[float]) -> bool:
        """Whether HEAD costs more. The least of several: what disturbs a process only adds."""
        return min(head) > min(base) * self.factor + self.slack

    def finding(self, base: Sequence[float], head: Sequence[float]) -> Finding:
        """The table's row."""
        before, after = (min(side) * self.scale for side in (base, head))
        shown = f"{self.label}: {before:.3g} → {after:.3g} {self.unit}"
        return Finding(self.what, Case(ANY, ANY), shown, "costs more", min(head) / min(base))


MEASURES = (
    Measure("import", "import", "import optbench", 1.25, 0.1, 1.0, "s"),
    Measure("names", "import", "import with all optimizers", 1.25, 0.4, 1.0, "s"),
    # Python and its libraries take some 200 MB themselves, the same within 2 %
    Measure("memory", "memory", "peak memory", 1.05, 16e6, 1e-6, "MB"),
)


def compared(
    pairs: Sequence[tuple[str, str]], both: Sequence[Package], deadline: Deadline
) -> list[Finding]:
    """What HEAD's processes cost more than BASE's. pairs : of problem and optimizer, which are run
    where both can.

    Raises RuntimeError where a process fails, TimeUpError at the deadline.
    """
    samples: dict[str, tuple[list[float], list[float]]] = {
        measure.name: ([], []) for measure in MEASURES
    }

    def dearer() -> list[Measure]:
        return [measure for measure in MEASURES if measure.dearer(*samples[measure.name])]

    for number in range(ROUNDS + MORE_ROUNDS):
        if number == ROUNDS and not dearer():
            break
        answers, pairs = _round(pairs, both, deadline)
        for place, found in enumerate(answers):
            for name, value in found.items():
                samples[name][place].append(value)
    return [measure.finding(*samples[measure.name]) for measure in dearer()]


def _round(
    pairs: Sequence[tuple[str, str]], both: Sequence[Package], deadline: Deadline
) -> tuple[list[dict[str, float]], Sequence[tuple[str, str]]]:
    """What a process of each costs, and the pairs that both have run: what one alone can run would
    be its memory alone.
    """
    while True:
        answers = measured("startup", list(pairs), both, deadline)
        broken = {tuple(pair) for found in answers for pair in found.pop("broken")}
        if not broken:
            return answers, pairs
        pairs = [pair for pair in pairs if pair not in broken]
