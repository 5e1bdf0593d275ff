"""The upper end of the score's interval; `low` prints it."""

import pandas as pd

from ..column import column
from ..comparison import Comparison


@column(place=30)
def high(found: Comparison) -> pd.Series:
    """Upper end of the score's 95 % bootstrap interval over seeds."""
    return found.among_ranked(found.interval[1])
