"""How many learning rates and seeds each row of a leaderboard had: what was tuned longer finds
better rates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Tried:
    """The rates (no NaN) and seeds of each (label, problem)."""

    rates: Mapping[tuple, frozenset[float]]
    seeds: Mapping[tuple, frozenset[int]]

    @classmethod
    def of(cls, runs: pd.DataFrame) -> "Tried":
        """Of runs with label, problem, lr and seed, failed ones included."""
        groups = runs.groupby([runs["label"].astype(str), runs["problem"].astype(str)])
        return cls(
            {key: frozenset(own.dropna()) for key, own in groups["lr"]},
            {key: frozenset(own) for key, own in groups["seed"]},
        )

    def text(self, name: str, problems: Iterable[str]) -> str:
        """Rates × seeds of a row, as 9 × 5, or 9–13 × 5 where problems differ; a rule without lr
        has one.
        """
        keys = [(name, problem) for problem in problems]
        return (
            f"{_span(max(1, len(self.rates[key])) for key in keys)} ×"
            f" {_span(len(self.seeds[key]) for key in keys)}"
        )

    def notes(self, names: Iterable[str], problems: Iterable[str]) -> list[str]:
        """A warning where some problem had more rates for one row than for another, or other seeds;
        rules without lr aside.
        """
        unequal = []
        pairs = [[(name, problem) for name in names] for problem in problems]
        if any(len({len(self.rates[key]) for key in row} - {0}) > 1 for row in pairs):
            unequal.append("learning rates")
        if any(len({self.seeds[key] for key in row}) > 1 for row in pairs):
            unequal.append("seeds")
        if not unequal:
            return []
        return [
            f"{' and '.join(unequal)} tried differ between rows (column tried: rates × seeds): more"
            " tries find better rates"
        ]


def _span(counts: Iterable[int]) -> str:
    found = sorted(set(counts))
    return str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}"
