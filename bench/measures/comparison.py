"""What the columns of a leaderboard are computed from: which optimizers are compared on which
problems, and at what cost.

What wasn't run counts for nothing: only optimizers that ran the same problems are ranked
(docs/decisions/0015).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from . import ranking, resampling
from .cost_cube import CostCube, cost_cube
from .labels import label_of
from .profile import profile_area
from .tried import Tried


@dataclass(frozen=True)
class Comparison:
    """Runs of several optimizers, and who of them is ranked on what.

    runs : a row a run, with `label`, the name of its row in the leaderboard.
    asked : bool, a row an optimizer, a column a problem: whether there are runs, failed ones
    included.
    ran : the same without failed runs. Where all of its runs on a problem failed, an optimizer
    counts as not run there: a failure says nothing about the rule.
    ranked : the optimizers that are ranked.  problems : those that all of them ran.
    cube : what each optimizer, ranked or not, needs on each problem.
    """

    runs: pd.DataFrame
    asked: pd.DataFrame
    ran: pd.DataFrame
    ranked: list[str]
    problems: list[str]
    cube: CostCube

    @classmethod
    def of(cls, runs: pd.DataFrame, seed: int) -> "Comparison":
        """Of runs with the columns of `results.runs`, at least one; seed : of the bootstrap."""
        names, problem = label_of(runs), runs["problem"].astype(str)
        runs = runs.assign(label=names)
        asked = pd.crosstab(names, problem) > 0
        sound = (runs["status"] != "failed").to_numpy()
        ran = pd.crosstab(names[sound], problem[sound]).reindex_like(asked).fillna(0) > 0
        ranked, problems = ranking.ranked(ran[ran.any(axis=1)])
        return cls(runs, asked, ran, ranked, problems, cost_cube(runs, seed))

    @property
    def optimizers(self) -> list[str]:
        """All of them, sorted."""
        return self.cube.optimizers

    @cached_property
    def cost(self) -> np.ndarray:
        """(resamples + 1, problems, ranked), the sample itself first: expected running times."""
        here = [self.cube.problems.index(problem) for problem in self.problems]
        return self.cube.cost[:, here][:, :, [self._place(name) for name in self.ranked]]

    @cached_property
    def area(self) -> np.ndarray:
        """(resamples + 1, ranked), the sample itself first: areas under performance profiles."""
        return profile_area(self.cost) if self.ranked else np.zeros((1, 0))

    @cached_property
    def interval(self) -> np.ndarray:
        """(2, ranked), the lower and upper ends of the areas' 95 % bootstrap intervals."""
        if not self.ranked:
            return np.zeros((2, 0))
        return np.stack(resampling.interval(self.area[1:], self.area[0]))

    @cached_property
    def tried(self) -> Tried:
        """The learning rates and seeds of every optimizer on every problem."""
        return Tried.of(self.runs)

    def counted(self, optimizer: str) -> list[str]:
        """The problems that count for an optimizer: those of the ranking, or those that it ran
        where it isn't ranked.
        """
        if optimizer in self.ranked:
            return self.problems
        return [problem for problem in self.ran.columns if self.ran.loc[optimizer, problem]]

    def asked_of(self, optimizer: str) -> list[str]:
        """The problems on which an optimizer has runs, failed ones included."""
        return [problem for problem in self.asked.columns if self.asked.loc[optimizer, problem]]

    def among_ranked(self, values: np.ndarray) -> pd.Series:
        """A number for each ranked optimizer, in their order, by its name."""
        return pd.Series(values, self.ranked)

    def over_problems(self, count: Callable[[np.ndarray], float], table: np.ndarray) -> pd.Series:
        """What `count` makes of an optimizer's values on the problems that count for it, by its
        name; table : (problems, optimizers), as those of the cube.
        """
        found = {}
        for name in self.optimizers:
            at = [self.cube.problems.index(problem) for problem in self.counted(name)]
            found[name] = count(table[at, self._place(name)])
        return pd.Series(found)

    def share_of_runs(self, status: str) -> pd.Series:
        """Which share of each optimizer's runs ended with this status, by its name."""
        ended = self.runs["status"].astype(str) == status
        return ended.groupby(self.runs["label"]).mean()

    def notes(self) -> list[str]:
        """What the ranking leaves out and what its rows don't share, in a line each."""
        return [
            *ranking.notes(self.ran, self.ranked, self.problems),
            *ranking.failures(self.asked & ~self.ran),
            *self.tried.notes(self.ranked, self.problems),
        ]

    def _place(self, optimizer: str) -> int:
        return self.cube.optimizers.index(optimizer)
