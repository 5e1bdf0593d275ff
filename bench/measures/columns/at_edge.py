"""Where the grid of learning rates may be too narrow."""

import pandas as pd

from ..column import column
from ..comparison import Comparison


def _caption(table: pd.DataFrame, is_shown: bool) -> str:
    if not table["at_edge"].any():
        return ""
    subject = "edge: problems" if is_shown else "there are problems"
    return (
        f"{subject} whose best lr is the least or largest tried, where a wider grid"
        " (--lr-count) may do better"
    )


@column(place=70, dtype=int, heading="edge", caption=_caption, weight=2)
def at_edge(found: Comparison) -> pd.Series:
    """Problems whose best lr is the least or the largest of several tried."""
    return found.over_problems(lambda edge: edge.sum(), found.cube.at_edge)
