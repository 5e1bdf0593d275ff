"""How many problems an optimizer solves."""

import pandas as pd

from ..column import ALWAYS, Row, column
from ..comparison import Comparison


def _text(row: Row) -> str:
    return f"{row['solved']}/{row['problems']}"


@column(place=40, dtype=int, heading="solved", text=_text, weight=ALWAYS)
def solved(found: Comparison) -> pd.Series:
    """Problems that at least half of the seeds solve at the best lr."""
    return found.over_problems(lambda share: (share >= 0.5).sum(), found.cube.solved_share)
