"""The score, by which the leaderboard is sorted."""

import pandas as pd

from ..column import ALWAYS, MISSING, Row, column
from ..comparison import Comparison


def _text(row: Row) -> str:
    if row["failed"] == 1:
        return "failed"
    return MISSING if pd.isna(row["score"]) else f"{row['score']:.3f}"


@column(
    place=10,
    heading="score",
    text=_text,
    caption=(
        "score: area under the performance profile up to 4 × the fastest, each optimizer at its"
        " best lr a problem"
    ),
    weight=ALWAYS,
)
def score(found: Comparison) -> pd.Series:
    """Area under the performance profile, in [0, 1] (profile.py); of ranked optimizers alone."""
    return found.among_ranked(found.area[0])
