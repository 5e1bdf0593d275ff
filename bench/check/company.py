"""Whether a run's bits depend on which other runs its block holds."""

from collections.abc import Callable

import numpy as np

from ...kernels.signatures import DTYPES
from .requirement import require

COMPANIES = ((1, 0), (7, 6), (17, 8), (64, 0))
"""Lanes of a block, and the place in it of the run that is compared; alone first."""
SEED = 3
"""The seed of that run."""


def require_same_bits(
    run: Callable[[np.ndarray, np.ndarray, str], np.ndarray],
    draw_lrs: Callable[[np.random.Generator, int], np.ndarray],
    lr: float,
    one_seed: bool = False,
) -> str:
    """Compare a run alone with the same run among 6, 16 and 63 others, bit for bit.

    run : lrs (L,), seeds (L,) and dtype -> what the runs show, steps first and lanes last.
    draw_lrs : the others' learning rates, some of which diverge.  lr : that of the run.
    one_seed : give all lanes the run's seed. Raises Unmet where a bit differs.
    """
    random, alone = np.random.default_rng(2), np.zeros(0)
    for dtype in DTYPES:
        for width, place in COMPANIES:
            lrs = draw_lrs(random, width)
            seeds = np.full(width, SEED) if one_seed else random.integers(0, 1000, width)
            lrs[place], seeds[place] = lr, SEED
            found = run(lrs, seeds, dtype)[..., place]
            alone = found if width == 1 else alone
            require(
                found.tobytes() == alone.tobytes(),
                f"a run among {width - 1} others differs from the same alone at step"
                f" {first_step(unlike(found, alone))} ({dtype})",
            )
    return "1, 7, 17 and 64 lanes, bit for bit"


def unlike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where two arrays differ; NaN equals NaN."""
    return (one != other) & ~(np.isnan(one) & np.isnan(other))


def first_step(mask: np.ndarray) -> int:
    """The first step, along the first axis, at which any entry is true."""
    return int(np.argmax(mask.reshape(mask.shape[0], -1).any(axis=1)))
