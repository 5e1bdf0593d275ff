"""How many of an optimizer's runs failed; where all did, `score` prints that."""

import pandas as pd

from ..column import column
from ..comparison import Comparison


@column(place=100)
def failed(found: Comparison) -> pd.Series:
    """Share of all of its runs that failed."""
    return found.share_of_runs("failed")
