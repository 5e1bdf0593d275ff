"""What a row of a leaderboard and a line of a figure are called, and at which budget a problem is
compared.
"""

import numpy as np
import pandas as pd

from .ranking import listed

USUAL = {"schedule": "constant", "dtype": "float64", "stop": "budget"}
"""What isn't written behind a name."""


def labels(runs: pd.DataFrame) -> pd.Series:
    """The optimizer's name, and in brackets in what its runs differ from other runs: adam (cosine,
    float32, 100 steps).

    A schedule, dtype or stop other than the usual is written where runs differ in it, a budget
    where runs of one problem do and it isn't the problem's own (`default_budget`).
    """
    further = [[] for _ in range(len(runs))]
    for column, usual in USUAL.items():
        if column in runs and runs[column].nunique() > 1:
            for own, value in zip(further, runs[column].astype(str), strict=True):
                own.extend([f"stop={value}" if column == "stop" else value] * (value != usual))
    if "budget" in runs:
        default = (
            runs["default_budget"].astype(float)
            if "default_budget" in runs
            else pd.Series(np.nan, runs.index)
        )
        several = runs.groupby("problem", observed=True)["budget"].transform("nunique") > 1
        for own, steps, differs in zip(
            further, runs["budget"], several & (runs["budget"] != default), strict=True
        ):
            own.extend([f"{steps} steps"] * bool(differs))
    names = runs["optimizer"].astype(str)
    return pd.Series(
        [
            f"{name} ({', '.join(own)})" if own else name
            for name, own in zip(names, further, strict=True)
        ],
        runs.index,
        str,
    )


def label_of(runs: pd.DataFrame) -> pd.Series:
    """The column `label` as text where these runs have it, else their `labels`."""
    return runs["label"].astype(str) if "label" in runs else labels(runs)


def at_one_budget(runs: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """Which runs are at the budget at which their problem is compared, and a note on the others.

    It is the problem's own (`default_budget`); where no run has that one, the one that most
    optimizers have, of equals the largest.
    """
    kept, notes = pd.Series(True, runs.index), []
    for problem, own in runs.groupby("problem", observed=True):
        rules = {
            int(steps): own["optimizer"][own["budget"] == steps].nunique()
            for steps in own["budget"].unique()
        }
        if len(rules) > 1:
            default = own["default_budget"].iloc[0]
            known = pd.notna(default) and int(default) in rules
            chosen = int(default) if known else max(rules, key=lambda steps: (rules[steps], steps))
            others = own["budget"] != chosen
            kept[own.index] = ~others
            budgets = sorted(rules.keys() - {chosen})
            notes.append((str(problem), budgets, int(others.sum())))
    if not notes:
        return kept, []
    steps = sorted({steps for _, budgets, _ in notes for steps in budgets})
    texts = [f"{problem} at {'/'.join(map(str, budgets))} steps" for problem, budgets, _ in notes]
    count = sum(count for *_, count in notes)
    return kept, [
        f"{count} runs at another budget than their problem's left out: {listed(texts)}; --steps"
        f" {steps[0]} compares those"
    ]
