"""The bootstrap over seeds, for optimizers that needn't have run the same ones."""

import numpy as np

RESAMPLES = 1000


def weights(seeds: int, random: np.random.Generator) -> np.ndarray:
    """How often each seed counts in each resample, (RESAMPLES + 1, seeds); the first row is the
    sample itself.

    A Poisson number a seed (Oza & Russell 2001, AISTATS, section 2): seeds count independently of
    each other, so that optimizers share the number of every seed that they share, whichever others
    they ran.
    """
    return np.vstack([np.ones(seeds, np.int64), random.poisson(1.0, (RESAMPLES, seeds))])


def of_own(drawn: np.ndarray, ran: np.ndarray) -> np.ndarray:
    """The weights of the seeds that an optimizer ran, (resamples, those); ran : bool (seeds,).

    A resample that has none of them becomes its own sample: nothing is said of what it didn't run.
    """
    own = drawn[:, ran]
    return np.where(own.any(axis=1, keepdims=True), own, 1)


def interval(resampled: np.ndarray, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % interval of scores in [0, 1] around `point`, by its resamples along the first axis.

    The point plus and minus the larger of its distances to the 2.5 and 97.5 % quantiles: resamples
    of a minimum over learning rates and rivals lie to one side of the truth (docs/decisions/0015
    has the coverage).
    """
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    half = np.maximum(0.0, np.maximum(point - low, high - point))
    return np.maximum(point - half, 0.0), np.minimum(point + half, 1.0)
