"""What every optimizer needs on every problem in every bootstrap sample, at its best learning rate.

The best learning rate is the one of least expected running time. It is chosen again in every
sample, so that the interval contains the doubt about that choice.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import resampling
from .costs import target_costs


@dataclass(frozen=True)
class CostCube:
    """What every optimizer needs on every problem.

    cost : (resamples + 1, problems, optimizers), the expected running time at the best lr of each
    resample, the sample itself first; inf where it never solved or never ran.
    solved_share : (problems, optimizers), which share of the seeds solves at the best lr.
    at_edge : bool (problems, optimizers), whether the best lr is the least or the largest of those
    tried.
    """

    problems: list[str]
    optimizers: list[str]
    cost: np.ndarray
    solved_share: np.ndarray
    at_edge: np.ndarray


def cost_cube(runs: pd.DataFrame, seed: int) -> CostCube:
    """Of runs with a `label`; seed : of the bootstrap."""
    costs, random = target_costs(runs), np.random.default_rng(seed)
    problems = sorted(runs["problem"].astype(str).unique())
    optimizers = sorted(runs["label"].unique())
    shape = len(problems), len(optimizers)
    cost = np.full((resampling.RESAMPLES + 1, *shape), np.inf)
    share, edge = np.zeros(shape), np.zeros(shape, bool)
    groups = dict(tuple(costs.groupby([costs["problem"].astype(str), "optimizer"], observed=True)))
    for i, problem in enumerate(problems):
        seeds = np.unique(costs["seed"][costs["problem"] == problem])
        # drawn once a problem, for all optimizers: what they share of the seeds is compared in
        # pairs
        drawn = resampling.weights(seeds.size, random)
        for j, optimizer in enumerate(optimizers):
            if (problem, optimizer) in groups:  # else all of its runs failed, or there are none
                cost[:, i, j], share[i, j], edge[i, j] = _of_pair(
                    groups[problem, optimizer], seeds, drawn
                )
    return CostCube(problems, optimizers, cost, share, edge)


def _of_pair(
    own: pd.DataFrame, seeds: np.ndarray, drawn: np.ndarray
) -> tuple[np.ndarray, float, bool]:
    """One optimizer on one problem: its cost in every resample, the share of seeds solved, whether
    its lr is at the edge.
    """
    lr, tried = pd.factorize(own["lr"], use_na_sentinel=False)
    at = lr, np.searchsorted(seeds, own["seed"])
    spent, solved, count = np.zeros((3, tried.size, seeds.size))
    for sums, values in ((spent, own["spent"]), (solved, own["solved"]), (count, 1)):
        np.add.at(sums, at, values)
    ert = np.full((len(drawn), tried.size), np.inf)
    patterns, pattern = np.unique(count > 0, axis=0, return_inverse=True)
    for k, ran in enumerate(patterns):  # rates that ran the same seeds
        alike, weights = pattern == k, resampling.of_own(drawn, ran)
        hits = weights @ solved[alike][:, ran].T
        ert[:, alike] = np.divide(
            weights @ spent[alike][:, ran].T, hits, out=np.full(hits.shape, np.inf), where=hits > 0
        )
    best = ert[0].argmin()
    # where two learning rates do equally well, it is enough that one of them lies inside
    equal = tried[ert[0] == ert[0, best]] if np.isfinite(ert[0, best]) else tried
    edge = tried.size > 1 and not ((equal > tried.min()) & (equal < tried.max())).any()
    return ert.min(axis=1), solved[best].sum() / count[best].sum(), bool(edge)
