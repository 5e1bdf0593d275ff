"""Of how many problems `solved` and `at_edge` count; `solved` prints it."""

import pandas as pd

from ..column import column
from ..comparison import Comparison


@column(place=50, dtype=int)
def problems(found: Comparison) -> pd.Series:
    """Problems that count: those of the ranking, or those that an unranked optimizer ran."""
    return found.over_problems(len, found.cube.solved_share)
