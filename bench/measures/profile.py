"""The performance profile: which share of problems an optimizer solves at how many times the least
cost.
"""

import numpy as np

R_MAX = 4.0
"""Ratio to the fastest from which an optimizer gets no credit (Dahl et al. 2023, AlgoPerf,
arXiv:2306.07179, 4.5).
"""


def profile_area(cost: np.ndarray, r_max: float = R_MAX) -> np.ndarray:
    """Area under each optimizer's performance profile from ratio 1 to r_max, normalised to [0, 1].

    cost : (..., problems, optimizers), inf where never reached. A problem contributes (r_max - r) /
    (r_max - 1), r being the ratio to the cheapest optimizer there, held to [0, 1] (closed form of
    Dahl et al. 2023, section 4.5; Dolan & More 2002 for the profile). Where nobody reaches it, it
    contributes nothing.
    """
    best = cost.min(axis=-1, keepdims=True)
    ratio = np.where((cost == best) & np.isfinite(best), 1.0, np.inf)  # 0 / 0 is a tie, too
    np.divide(cost, best, out=ratio, where=np.isfinite(cost) & (best > 0))
    return np.clip((r_max - ratio) / (r_max - 1.0), 0.0, 1.0).mean(axis=-2)
