"""What it costs to reach a target, in gradient evaluations, and the learning rate of least cost."""

import numpy as np
import pandas as pd

from .labels import label_of
from .quantiles import median


def expected_running_time(spent: np.ndarray, solved: np.ndarray) -> np.ndarray:
    """Evaluations spent by all runs over the number of runs that solved (ERT); inf where none did.
    Last axis: runs.

    Auger & Hansen (2005), CEC, eq. 1: what independent restarts until success cost on average.
    """
    with np.errstate(divide="ignore"):
        return np.where(solved.any(axis=-1), spent.sum(axis=-1) / solved.sum(axis=-1), np.inf)


def target_costs(runs: pd.DataFrame) -> pd.DataFrame:
    """A row a run: problem, optimizer (its label, where runs have one), lr, seed, whether it met
    the last target (`solved`), and the evaluations until then (`spent`).

    A run that diverged is charged its whole budget, where the frame has it. Otherwise a quick
    divergence would be a cheap restart, and a rate that solves one seed of five would be the best
    (docs/decisions/0009). Failed runs say nothing about the optimizer: they are left out.
    """
    runs = runs[runs["status"] != "failed"]
    solved = runs["evaluations_to_target"].notna().to_numpy()
    until = runs["evaluations_to_target"].fillna(0).to_numpy(np.int64)
    frame = runs[["problem", "lr", "seed"]].assign(optimizer=label_of(runs))
    unsolved = runs["evaluations"]
    if "budget" in runs:
        unsolved = unsolved.where(runs["status"] != "diverged", runs["budget"])
    return frame.assign(solved=solved, spent=np.where(solved, until, unsolved))


def best_lrs(runs: pd.DataFrame) -> pd.DataFrame:
    """For each problem and optimizer the learning rate of least expected running time: problem,
    optimizer, lr, ert, gap.

    Where no learning rate solves, the one with the least median gap (or final loss, without f*); a
    diverged run counts as inf there.
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
