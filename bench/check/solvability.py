"""Who solves a problem: the catalogue's optimizers from seed 0, a local solver from many starts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from ...kernels.blas import one_thread
from ...kernels.groups import Record
from ...kernels.optimizer import Optimizer
from ...problems.problem import Problem
from ..plugins import discovery
from ..runs.run import run_block
from ..sweep.learning_rates import own_lrs
from ..sweep.sweep import Block, recording_grid

STARTS = 1000
"""Starts that a local solver gets on a multimodal problem."""


@dataclass(frozen=True)
class Solution:
    """The cheapest run of an optimizer that met the last target.  evaluations : until then."""

    optimizer: str
    lr: float
    evaluations: int

    def __str__(self) -> str:
        rate = "" if np.isnan(self.lr) else f", lr {self.lr:g}"
        return f"{self.optimizer}{rate}: {self.evaluations} evaluations"


def run_rule(
    problem: Problem, rule: Optimizer, lrs, seeds, dtype: str = "float64", steps: int | None = None
) -> Record:
    """Run the rule, a lane for each lr and seed, for the problem's budget or so many steps,
    which then are all recorded.
    """
    lrs, seeds = np.asarray(lrs, float), np.asarray(seeds, np.int64)
    block = Block(
        problem=problem,
        optimizer=rule,
        dtype=dtype,
        steps=steps or problem.budget,
        lrs=lrs,
        seeds=seeds,
    )
    with one_thread(problem.data_set.samples > 0):
        return run_block(block, np.arange(steps + 1) if steps else recording_grid(problem.budget))


def by(problem: Problem, rule: Optimizer) -> Solution | None:
    """What the rule needs from seed 0 at the best of the nine rates of its grid; None where none
    meets the last target.
    """
    lrs = np.array(own_lrs(rule))
    spent = run_rule(problem, rule, lrs, np.zeros(lrs.size)).hit_evaluations
    if not spent.size or (spent[-1] < 0).all():
        return None
    best = np.where(spent[-1] < 0, np.iinfo(np.int64).max, spent[-1]).argmin()
    return Solution(rule.name, float(lrs[best]), int(spent[-1][best]))


def by_catalogue(problem: Problem) -> Solution | None:
    """The first of the catalogue's optimizers that solves it from seed 0, the common ones first;
    None where none does.
    """
    names = [*FIRST, *(name for name in discovery.list_optimizers() if name not in FIRST)]
    return next(filter(None, (by(problem, discovery.get_optimizer(name)) for name in names)), None)


def fewest(problem: Problem, names: Sequence[str]) -> Solution | None:
    """The cheapest solution of these optimizers; None where none solves it."""
    found = [solution for name in names if (solution := by(problem, discovery.get_optimizer(name)))]
    return min(found, key=lambda solution: solution.evaluations, default=None)


def by_local_solver(problem: Problem) -> int | None:
    """The first seed from whose start SciPy's L-BFGS-B meets the last target; None where it is none
    of STARTS.
    """
    for seed in range(STARTS):
        found = optimize.minimize(
            problem.value_and_grad,
            problem.start(seed),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 1000, "ftol": 0.0, "gtol": 1e-10},
        )
        if found.fun <= problem.targets[-1]:
            return seed
    return None


FIRST = ("lbfgs", *discovery.COMMON)
"""What is tried first: it solves most problems, and fast."""
