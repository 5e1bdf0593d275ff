"""How hard a problem must be: no trivial rule solves it, and some optimizer does."""

from unittest import SkipTest

import numpy as np

from ...kernels.baselines import BASELINES
from ...problems.near_origin import near_origin
from ...problems.problem import Problem
from . import solvability
from .requirement import Unmet, require
from .runnable import skip_unless_runnable

SEEDS = range(8)
LRS = np.array([1e-3, 1e-2, 1e-1, 1.0, 10.0])
"""Seeds and learning rates of the baselines."""


def is_not_solved_by_baselines(problem: Problem) -> str:
    """No baseline meets the last target, from any seed at any lr: standing still, a random walk,
    climbing by the gradient or by its sign, going to zero. Standing still meets no other target
    either, save those that a start meets. Going to zero always solves a problem whose minimizer is
    the origin or near it: there the detail says so, and suites have the problem shifted.
    """
    skip_unless_runnable(problem)
    if not problem.targets:
        raise SkipTest("no targets to miss")
    seeds = SEEDS[:3] if problem.data_set.samples > 100 else SEEDS
    at_origin = near_origin(problem)
    for rule in [rule for rule in BASELINES if not (at_origin and rule.family == "going_to_zero")]:
        still = rule.family == "standing_still"
        for seed in seeds:
            lrs = LRS[:1] if still else LRS
            hits = solvability.run_rule(
                problem, rule, lrs, np.full(lrs.size, seed), steps=10 if still else None
            ).hit_steps
            require(
                hits.size == 0 or (hits[-1] != 0).all(),
                f"the start of seed {seed} is solved already",
            )
            solved = lrs[hits[-1] >= 0] if hits.size else lrs[:0]
            if solved.size:
                raise Unmet(
                    f"{rule.family.replace('_', ' ')} solves it from seed {seed} with lr"
                    f" {solved[0]:g}"
                )
            if still and (hits > 0).any():
                raise Unmet(f"standing still meets a target at step {hits.max()} from seed {seed}")
    summary = f"{len(BASELINES) - at_origin} rules, {len(seeds)} seeds"
    return summary + (
        "; its minimizer is at or near the origin, where whatever shrinks x goes: compare on it"
        " shifted"
        if at_origin
        else ""
    )


def can_be_solved(problem: Problem) -> str:
    """An optimizer of the catalogue, at one of the nine rates of its grid, meets the last target
    from seed 0 within the budget. Of a multimodal problem, a local solver from one of 1 000 starts
    does, if none of them. If tagged `open`, none.
    """
    skip_unless_runnable(problem)
    if not problem.targets:
        raise SkipTest("no targets to meet")
    found = solvability.by_catalogue(problem)
    if "open" in problem.tags:
        require(found is None, f"it is tagged open, but {found} solves it")
        return "open: no optimizer of the catalogue solves it"
    if found is None and "multimodal" in problem.tags:
        place = solvability.by_local_solver(problem)
        require(
            place is not None,
            f"a local solver meets the last target from none of {solvability.STARTS} starts",
        )
        return f"L-BFGS-B from the start of seed {place}; no optimizer of the catalogue from seed 0"
    require(
        found is not None,
        "no optimizer of the catalogue meets the last target from seed 0: tag it open, or give it"
        " more",
    )
    return str(found)
