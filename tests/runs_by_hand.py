"""Runs as results.runs has them, written by hand: who solves what at which cost."""

import numpy as np
import pandas as pd
from optbench.bench.measures.leaderboard import leaderboard

BUDGET = 1000


def runs_of(rows):
    """Runs by hand, with the columns of results.runs: (problem, optimizer, lr, seed, cost of the
    target or None[, more]).

    more : a dict of further columns.
    """
    records = []
    for problem, optimizer, lr, seed, cost, *more in rows:
        record = {
            "problem": problem,
            "optimizer": optimizer,
            "settings": "{}",
            "lr": lr,
            "schedule": "constant",
            "seed": seed,
            "dtype": "float64",
            "status": "budget" if cost is None else "solved",
            "steps": BUDGET,
            "evaluations": BUDGET,
            "initial_loss": 1.0,
            "final_loss": 0.5 if cost is None else 1e-9,
            "best_loss": 1e-9,
            "gap": 0.5 if cost is None else 1e-9,
            "steps_to_target": cost,
            "evaluations_to_target": cost,
            "ns_per_step": 1.0,
            "error": "",
        }
        records.append({**record, **(more[0] if more else {})})
    frame = pd.DataFrame(records)
    return frame.astype({"steps_to_target": "Int64", "evaluations_to_target": "Int64", "lr": float})


def board_of(rows):
    return leaderboard(runs_of(rows)).set_index("optimizer")


def paired(costs, problem="p", lr=0.1):
    """Rows of several optimizers, the costs of seeds 0, 1, ... each: {"a": [100, None], ...}."""
    return [
        (problem, name, lr, seed, cost)
        for name, own in costs.items()
        for seed, cost in enumerate(own)
    ]


def failed(problem, optimizer, seeds=2):
    nothing = {
        "status": "failed",
        "evaluations": 0,
        "steps": 0,
        "gap": np.nan,
        "final_loss": np.nan,
    }
    return [(problem, optimizer, 0.1, seed, None, nothing) for seed in range(seeds)]
