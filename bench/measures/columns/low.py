"""The lower end of the score's interval; the table prints both ends here."""

import pandas as pd

from ..column import MISSING, Row, column
from ..comparison import Comparison


def _text(row: Row) -> str:
    return MISSING if pd.isna(row["low"]) else f"{row['low']:.3f} – {row['high']:.3f}"


@column(
    place=20,
    heading="95 % interval",
    text=_text,
    caption="interval: 95 % bootstrap over seeds",
    weight=12,
)
def low(found: Comparison) -> pd.Series:
    """Lower end of the score's 95 % bootstrap interval over seeds."""
    return found.among_ranked(found.interval[0])
