"""How often an optimizer is the cheapest."""

import numpy as np
import pandas as pd

from ..column import column
from ..comparison import Comparison


@column(place=60, dtype="Int64", heading="wins", weight=3)
def wins(found: Comparison) -> pd.Series:
    """Problems on which no other ranked optimizer is cheaper; equals share the win."""
    cost = found.cost[0]
    cheapest = cost == cost.min(axis=1, keepdims=True, initial=np.inf)
    return found.among_ranked((cheapest & np.isfinite(cost)).sum(axis=0))
