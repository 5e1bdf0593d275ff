"""Pure functions of runs: what it costs to reach a target, and who reaches it how fast.

Costs are gradient evaluations. Each optimizer stands with its best learning rate on each problem, by expected running
time; the same choice is made again in every bootstrap sample, so that the interval knows of it.
"""

import numpy as np
import pandas as pd

from .quantiles import median

R_MAX = 4.0
"""Ratio to the fastest from which an optimizer gets no credit (Dahl et al. 2023, AlgoPerf, arXiv:2306.07179, 4.5)."""
RESAMPLES = 1000


def expected_running_time(spent: np.ndarray, solved: np.ndarray) -> np.ndarray:
    """Evaluations spent by all runs over the number of runs that solved (ERT); inf where none did. Last axis: runs.

    Auger & Hansen (2005), CEC, eq. 1: what independent restarts until success cost on average.
    """
    with np.errstate(divide="ignore"):
        return np.where(solved.any(axis=-1), spent.sum(axis=-1) / solved.sum(axis=-1), np.inf)


def profile_area(cost: np.ndarray, r_max: float = R_MAX) -> np.ndarray:
    """Area under each optimizer's performance profile from ratio 1 to r_max, normalised to [0, 1].

    cost : (..., problems, optimizers), inf where never reached. A problem contributes (r_max - r) / (r_max - 1), r being
    the ratio to the cheapest optimizer there, held to [0, 1] (closed form of Dahl et al. 2023, section 4.5; Dolan &
    More 2002 for the profile). Where nobody reaches it, it contributes nothing.
    """
    best = cost.min(axis=-1, keepdims=True)
    ratio = np.where((cost == best) & np.isfinite(best), 1.0, np.inf)  # 0 / 0 is a tie, too
    np.divide(cost, best, out=ratio, where=np.isfinite(cost) & (best > 0))
    return np.clip((r_max - ratio) / (r_max - 1.0), 0.0, 1.0).mean(axis=-2)


def target_costs(runs: pd.DataFrame) -> pd.DataFrame:
    """A row a run: problem, optimizer (its label, where runs have one), lr, seed, whether it met the last target, and the
    evaluations spent until then. A run that diverged is charged its whole budget, where the frame has it: else quick
    divergence would be a cheap restart, and a rate that solves one seed of five the best (docs/decisions/0009). Failed runs
    tell nothing: they are left out."""
    runs = runs[runs["status"] != "failed"]
    solved = runs["evaluations_to_target"].notna().to_numpy()
    until = runs["evaluations_to_target"].fillna(0).to_numpy(np.int64)
    frame = runs[["problem", "lr", "seed"]].assign(optimizer=_labels(runs))
    unsolved = runs["evaluations"]
    if "budget" in runs:
        unsolved = unsolved.where(runs["status"] != "diverged", runs["budget"])
    return frame.assign(solved=solved, spent=np.where(solved, until, unsolved))


def best_lrs(runs: pd.DataFrame) -> pd.DataFrame:
    """For each problem and optimizer the learning rate of least expected running time: problem, optimizer, lr, ert, gap.

    Where no learning rate solves, the one with the least median gap (or final loss, without f*), inf for what diverged.
    """
    runs = runs[runs["status"] != "failed"]
    level = runs["gap"].where(runs["gap"].notna(), runs["final_loss"]).where(runs["status"] != "diverged", np.inf)
    costs = target_costs(runs).assign(gap=level.to_numpy())
    rows = []
    for keys, own in costs.groupby(["problem", "optimizer", "lr"], observed=True, dropna=False):
        ert = expected_running_time(own["spent"].to_numpy(), own["solved"].to_numpy())
        rows.append((*keys, float(ert), median(own["gap"])))
    table = pd.DataFrame(rows, columns=["problem", "optimizer", "lr", "ert", "gap"])
    best = table.sort_values(["ert", "gap", "lr"], kind="stable").groupby(["problem", "optimizer"]).head(1)
    return best.sort_values(["problem", "optimizer"]).reset_index(drop=True)


def leaderboard(runs: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """The optimizers, best first: score (profile area) with a 95 % bootstrap interval over seeds, and what lies behind it.

    Columns: optimizer, score, low, high, solved (problems that at least half of the seeds solve at the best lr),
    problems, wins (problems where it is the cheapest), at_edge (problems whose best lr is the least or the largest of
    several tried: a wider grid might do better), diverged and failed (shares of its runs).
    """
    costs = target_costs(runs)
    problems, optimizers = sorted(runs["problem"].unique()), sorted(_labels(runs).unique())
    random = np.random.default_rng(seed)
    cost = np.full((RESAMPLES + 1, len(problems), len(optimizers)), np.inf)
    share, edge = np.zeros((2, len(problems), len(optimizers)))
    for i, problem in enumerate(problems):
        here = costs[costs["problem"] == problem]
        seeds = np.unique(here["seed"])
        if not seeds.size:  # all of its runs failed
            continue
        # seeds are drawn once a problem, for all optimizers: comparisons are paired
        weights = random.multinomial(seeds.size, np.full(seeds.size, 1 / seeds.size), RESAMPLES)
        weights = np.vstack([np.ones(seeds.size, np.int64), weights])
        for j, optimizer in enumerate(optimizers):
            own = here[here["optimizer"] == optimizer]
            if own.empty:
                continue
            place = np.searchsorted(seeds, own["seed"])
            lr, tried = pd.factorize(own["lr"], use_na_sentinel=False)
            spent, solved = np.zeros((2, lr.max() + 1, seeds.size))
            np.add.at(spent, (lr, place), own["spent"])
            np.add.at(solved, (lr, place), own["solved"])
            hits = weights @ solved.T
            ert = np.divide(weights @ spent.T, hits, out=np.full(hits.shape, np.inf), where=hits > 0)
            cost[:, i, j] = ert.min(axis=1)
            best = ert[0].argmin()  # of the seeds that it ran, which may be fewer than others'
            share[i, j] = solved[best].sum() / max(1, (lr == best).sum())
            # where two learning rates do equally well, it is enough that one of them lies inside
            alike = tried[ert[0] == ert[0, best]] if np.isfinite(ert[0, best]) else tried
            edge[i, j] = tried.size > 1 and not ((alike > tried.min()) & (alike < tried.max())).any()
    score = profile_area(cost)
    labels = _labels(runs)
    statuses = pd.crosstab(labels, runs["status"].astype(str), normalize="index")
    reached = np.isfinite(cost[0]).any(axis=1, keepdims=True)
    frame = pd.DataFrame(
        {
            "optimizer": optimizers,
            "score": score[0],
            "low": np.quantile(score[1:], 0.025, axis=0),
            "high": np.quantile(score[1:], 0.975, axis=0),
            "solved": (share >= 0.5).sum(axis=0),
            "problems": len(problems),
            "wins": ((cost[0] == cost[0].min(axis=1, keepdims=True)) & reached).sum(axis=0),
            "at_edge": edge.sum(axis=0).astype(int),
            "diverged": [statuses["diverged"].get(o, 0.0) if "diverged" in statuses else 0.0 for o in optimizers],
            "failed": [statuses["failed"].get(o, 0.0) if "failed" in statuses else 0.0 for o in optimizers],
        }
    )
    return frame.sort_values(["score", "solved", "optimizer"], ascending=[False, False, True]).reset_index(drop=True)


def labels(runs: pd.DataFrame) -> pd.Series:
    """What tells optimizers apart: the name, and behind it what varies of schedule, dtype, stop and a problem's budget."""
    label = runs["optimizer"].astype(str)
    for column in ("schedule", "dtype", "stop"):
        if column in runs and runs[column].nunique() > 1:
            label = label + " " + runs[column].astype(str)
    if "budget" in runs and (runs.groupby("problem", observed=True)["budget"].nunique() > 1).any():
        label = label + " " + runs["budget"].astype(str) + " steps"
    return label


def _labels(runs: pd.DataFrame) -> pd.Series:
    return runs["label"] if "label" in runs else labels(runs)
