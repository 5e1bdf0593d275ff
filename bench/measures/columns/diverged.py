"""How many of an optimizer's runs diverged."""

import pandas as pd

from ..column import column
from ..comparison import Comparison


@column(place=90, heading="diverged", text="{:.0%}", weight=1)
def diverged(found: Comparison) -> pd.Series:
    """Share of all of its runs that diverged."""
    return found.share_of_runs("diverged")
