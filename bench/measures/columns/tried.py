"""How much an optimizer was tuned."""

import pandas as pd

from ..column import column
from ..comparison import Comparison


@column(place=80, dtype=None, heading="tried", weight=11)
def tried(found: Comparison) -> pd.Series:
    """Learning rates × seeds a problem, from the least to the most where problems differ."""
    return pd.Series(
        {
            name: found.tried.text(name, found.counted(name) or found.asked_of(name))
            for name in found.optimizers
        }
    )
