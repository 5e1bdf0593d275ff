"""Pure functions of runs: what it costs to reach a target, and who reaches it how fast.

Costs are gradient evaluations. Each optimizer stands with its best learning rate on each problem,
by expected running time; the same choice is made again in every bootstrap sample, so that the
interval knows of it. What wasn't run counts for nothing: only optimizers that ran the same problems
are ranked (docs/decisions/0015).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import ranking, resampling
from .labels import labels
from .quantiles import median
from .tried import Tried

R_MAX = 4.0
"""Ratio to the fastest from which an optimizer gets no credit (Dahl et al. 2023, AlgoPerf,
arXiv:2306.07179, 4.5).
"""


def expected_running_time(spent: np.ndarray, solved: np.ndarray) -> np.ndarray:
    """Evaluations spent by all runs over the number of runs that solved (ERT); inf where none did.
    Last axis: runs.

    Auger & Hansen (2005), CEC, eq. 1: what independent restarts until success cost on average.
    """
    with np.errstate(divide="ignore"):
        return np.where(solved.any(axis=-1), spent.sum(axis=-1) / solved.sum(axis=-1), np.inf)


def profile_area(cost: np.ndarray, r_max: float = R_MAX) -> np.ndarray:
    """Area under each optimizer's performance profile from ratio 1 to r_max, normalised to [0, 1].

    cost : (..., problems, optimizers), inf where never reached. A problem contributes (r_max - r) /
    (r_max - 1), r being the ratio to the cheapest optimizer there, held to [0, 1] (closed form of
    Dahl et al. 2023, section 4.5; Dolan & More 2002 for the profile). Where nobody reaches it, it
    contributes nothing.
    """
    best = cost.min(axis=-1, keepdims=True)
    ratio = np.where((cost == best) & np.isfinite(best), 1.0, np.inf)  # 0 / 0 is a tie, too
    np.divide(cost, best, out=ratio, where=np.isfinite(cost) & (best > 0))
    return np.clip((r_max - ratio) / (r_max - 1.0), 0.0, 1.0).mean(axis=-2)


def target_costs(runs: pd.DataFrame) -> pd.DataFrame:
    """A row a run: problem, optimizer (its label, where runs have one), lr, seed, whether it met
    the last target, and the evaluations spent until then. A run that diverged is charged its whole
    budget, where the frame has it: else quick divergence would be a cheap restart, and a rate that
    solves one seed of five the best (docs/decisions/0009). Failed runs tell nothing: they are left
    out.
    """
    runs = runs[runs["status"] != "failed"]
    solved = runs["evaluations_to_target"].notna().to_numpy()
    until = runs["evaluations_to_target"].fillna(0).to_numpy(np.int64)
    frame = runs[["problem", "lr", "seed"]].assign(optimizer=_labels(runs))
    unsolved = runs["evaluations"]
    if "budget" in runs:
        unsolved = unsolved.where(runs["status"] != "diverged", runs["budget"])
    return frame.assign(solved=solved, spent=np.where(solved, until, unsolved))


def best_lrs(runs: pd.DataFrame) -> pd.DataFrame:
    """For each problem and optimizer the learning rate of least expected running time: problem,
    optimizer, lr, ert, gap.

    Where no learning rate solves, the one with the least median gap (or final loss, without f*),
    inf for what diverged.
    """
    runs = runs[runs["status"] != "failed"]
    level = (
        runs["gap"]
        .where(runs["gap"].notna(), runs["final_loss"])
        .where(runs["status"] != "diverged", np.inf)
    )
    costs = target_costs(runs).assign(gap=level.to_numpy())
    rows = []
    for keys, own in costs.groupby(["problem", "optimizer", "lr"], observed=True, dropna=False):
        ert = expected_running_time(own["spent"].to_numpy(), own["solved"].to_numpy())
        rows.append((*keys, float(ert), median(own["gap"])))
    table = pd.DataFrame(rows, columns=["problem", "optimizer", "lr", "ert", "gap"])
    best = (
        table.sort_values(["ert", "gap", "lr"], kind="stable")
        .groupby(["problem", "optimizer"])
        .head(1)
    )
    return best.sort_values(["problem", "optimizer"]).reset_index(drop=True)


@dataclass(frozen=True)
class Board:
    """A leaderboard and what has to be said of it, in a line each: what it leaves out, and what its
    rows don't share.

    table : best first; the columns are those of `leaderboard`.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]


def leaderboard(runs: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """The optimizers, best first: score (profile area) with a 95 % bootstrap interval over seeds,
    and what lies behind it.

    Columns: optimizer, score, low, high, solved (problems that at least half of the seeds solve at
    the best lr), problems, wins (problems where it is the cheapest), at_edge (problems whose best
    lr is the least or the largest of several tried: a wider grid might do better), tried (rates ×
    seeds a problem), diverged and failed (shares of its runs). Where all of its runs on a problem
    failed, it counts as not run there. An optimizer that didn't run all problems that the others
    are ranked on stands at the end without score, low, high and wins; solved, problems and at_edge
    are then of those that it ran.
    """
    return board(runs, seed).table


def board(runs: pd.DataFrame, seed: int = 0) -> Board:
    """The leaderboard with its notes; seed : of the bootstrap."""
    if runs.empty:
        return Board(pd.DataFrame(columns=COLUMNS).astype(TYPES), ())
    names = _labels(runs)
    runs = runs.assign(label=names)
    everywhere = pd.crosstab(names, runs["problem"].astype(str))
    sound = (runs["status"] != "failed").to_numpy()
    # where all runs of a rule failed it counts as not run: what failed tells nothing of the rule
    ran = (
        pd.crosstab(names[sound], runs["problem"].astype(str)[sound])
        .reindex_like(everywhere)
        .fillna(0)
        > 0
    )
    rows, problems = ranking.ranked(ran[ran.any(axis=1)])
    cells = _cells(runs, seed)
    place = {name: j for j, name in enumerate(cells.optimizers)}
    here = [cells.problems.index(problem) for problem in problems]
    cost = cells.cost[:, here][:, :, [place[name] for name in rows]]
    score = profile_area(cost) if rows else np.zeros((1, 0))
    low, high = resampling.interval(score[1:], score[0]) if rows else np.zeros((2, 0))
    cheapest = (
        (cost[0] == cost[0].min(axis=1, keepdims=True)) & np.isfinite(cost[0])
        if rows
        else np.zeros((0, 0))
    )
    ranks = pd.DataFrame(
        {"score": score[0], "low": low, "high": high, "wins": cheapest.sum(axis=0)}, index=rows
    )
    statuses = pd.crosstab(names, runs["status"].astype(str), normalize="index")
    tried = Tried.of(runs)
    table = []
    for name in cells.optimizers:
        own = (
            problems
            if name in rows
            else [problem for problem in ran.columns if ran.loc[name, problem]]
        )
        at = [cells.problems.index(problem) for problem in own]
        table.append(
            {
                "optimizer": name,
                **{word: ranks.at[name, word] if name in rows else None for word in ranks.columns},
                "solved": int((cells.share[at, place[name]] >= 0.5).sum()),
                "problems": len(own),
                "at_edge": int(cells.edge[at, place[name]].sum()),
                "tried": tried.text(name, own or _of(everywhere, name)),
                **{
                    end: float(statuses[end].get(name, 0.0)) if end in statuses else 0.0
                    for end in ("diverged", "failed")
                },
            }
        )
    frame = pd.DataFrame(table)[COLUMNS].astype(TYPES)
    frame = frame.sort_values(
        ["score", "solved", "optimizer"], ascending=[False, False, True]
    ).reset_index(drop=True)
    notes = (
        ranking.notes(ran, rows, problems)
        + ranking.failures((everywhere > 0) & ~ran)
        + tried.notes(rows, problems)
    )
    return Board(frame, tuple(notes))


COLUMNS = [
    "optimizer",
    "score",
    "low",
    "high",
    "solved",
    "problems",
    "wins",
    "at_edge",
    "tried",
    "diverged",
    "failed",
]
TYPES = {
    **dict.fromkeys(("score", "low", "high", "diverged", "failed"), float),
    **dict.fromkeys(("solved", "problems", "at_edge"), int),
    "wins": "Int64",
}


@dataclass(frozen=True)
class Cells:
    """What every optimizer needs on every problem.

    cost : (resamples + 1, problems, optimizers), the ERT at the best lr of each resample, the
    sample itself first; inf where
    it never solved or never ran.  share : (problems, optimizers), of the seeds that solve at the
    best lr.  edge : likewise, whether that lr is the least or the largest of those tried.
    """

    problems: list[str]
    optimizers: list[str]
    cost: np.ndarray
    share: np.ndarray
    edge: np.ndarray


def _cells(runs: pd.DataFrame, seed: int) -> Cells:
    costs, random = target_costs(runs), np.random.default_rng(seed)
    problems, optimizers = (
        sorted(runs["problem"].astype(str).unique()),
        sorted(runs["label"].unique()),
    )
    cost = np.full((resampling.RESAMPLES + 1, len(problems), len(optimizers)), np.inf)
    share, edge = (
        np.zeros((len(problems), len(optimizers))),
        np.zeros((len(problems), len(optimizers)), bool),
    )
    groups = dict(tuple(costs.groupby([costs["problem"].astype(str), "optimizer"], observed=True)))
    for i, problem in enumerate(problems):
        seeds = np.unique(costs["seed"][costs["problem"] == problem])
        # drawn once a problem, for all optimizers: what they share of the seeds is compared in
        # pairs
        drawn = resampling.weights(seeds.size, random)
        for j, optimizer in enumerate(optimizers):
            if (problem, optimizer) in groups:  # else all of its runs failed, or there are none
                cost[:, i, j], share[i, j], edge[i, j] = _cell(
                    groups[problem, optimizer], seeds, drawn
                )
    return Cells(problems, optimizers, cost, share, edge)


def _cell(
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


def _of(counts: pd.DataFrame, name: str) -> list[str]:
    """The problems on which a row has runs, failed ones included."""
    return [problem for problem in counts.columns if counts.loc[name, problem]]


def _labels(runs: pd.DataFrame) -> pd.Series:
    return runs["label"].astype(str) if "label" in runs else labels(runs)
