"""What an audit finds out about problems: their requirements, who solves them, their ladders."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...problems import registry
from ...problems.problem import Problem
from ..plugins import discovery
from ..runs.run import execute
from ..sweep.request import Request
from ..sweep.sweep import plan
from . import condition as curvature
from . import solvability
from .report import NEEDED, Report, examine
from .requirement import Unmet


@dataclass(frozen=True)
class Audited:
    """What was found out about one problem.

    report : its requirements.  solution : the cheapest of the common optimizers from seed 0, None
    for none.
    solvers : how many of the common optimizers solve it from at least half of 5 seeds, at their
    best lr.
    """

    problem: Problem
    report: Report
    condition: float | None
    solution: solvability.Solution | None
    solvers: int

    @property
    def failed(self) -> list[str]:
        """The requirements that it fails, with the reasons."""
        return [f"{v.requirement}: {v.detail}" for v in self.report.verdicts if v.verdict == "fail"]

    @property
    def sound(self) -> bool:
        """Whether it compiles and may be evaluated here."""
        return all(v.verdict != "fail" for v in self.report.verdicts if v.requirement in NEEDED)

    @property
    def separates(self) -> str:
        """How many of the common optimizers solve it, and a note where it separates nothing."""
        every = len(discovery.COMMON)
        note = {0: ", separates nothing", every: ", separates nothing"}.get(self.solvers, "")
        return f"{self.solvers} of {every}{note}"


def audited(problem: Problem, quick: bool, say: Callable[[str], object]) -> Audited:
    """Hold the problem to every requirement and see who solves it."""
    report = examine(problem, quick, say, measure=False)
    if (
        any(v.verdict == "fail" and v.requirement in NEEDED for v in report.verdicts)
        or not problem.targets
    ):
        return Audited(problem, report, None, None, 0)
    say(f"{problem.name}: the default sweep")
    asked = Request(problems=[problem], optimizers=discovery.COMMON)
    runs = execute(plan(asked)).results.runs
    shares = (
        (runs["status"] == "solved").groupby([runs["optimizer"], runs["lr"]], observed=True).mean()
    )
    solvers = int((shares.groupby("optimizer", observed=True).max() >= 0.5).sum())
    first = runs[(runs["seed"] == 0) & runs["evaluations_to_target"].notna()].sort_values(
        "evaluations_to_target"
    )
    best = None
    if len(first):
        row = first.iloc[0]
        best = solvability.Solution(
            str(row["optimizer"]), float(row["lr"]), int(row["evaluations_to_target"])
        )
    return Audited(problem, report, curvature.condition(problem), best, solvers)


def ladders(problems: Sequence[Problem]) -> Iterator[tuple[str, list[str]]]:
    """Of each family with a ladder: its name, and the rungs with the fewest evaluations of the
    common optimizers and L-BFGS.

    Raises Unmet, with the ladder, where a rung isn't harder than the one before it.
    """
    families = registry.registered()
    for name in sorted({problem.family for problem in problems}):
        rungs = (
            [families[name].problem(**given) for given in families[name].ladder]
            if name in families
            else []
        )
        if not rungs:
            continue
        costs = [
            solution.evaluations
            if (solution := solvability.fewest(rung, solvability.FIRST))
            else math.inf
            for rung in rungs
        ]
        texts = [f"{rung.name} {cost:g}" for rung, cost in zip(rungs, costs, strict=True)]
        grows = all(a < b for a, b in pairwise(costs))
        if not grows:
            raise Unmet(f"{name}: the ladder doesn't grow: {', '.join(texts)}")
        yield name, texts
