"""The rows of a data set that are trained on, and those held out: a fixed fifth, the same for every
seed and optimizer.
"""

import numpy as np

from ..kernels import random

SHARE = 0.2
"""Of the rows, held out."""


def split(
    inputs: np.ndarray, targets: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Inputs and targets to train on, then those held out. Which rows these are depends on the
    number of rows alone.

    inputs : (N, d).  targets : (N,) or (N, k), returned as columns.
    """
    targets = np.reshape(targets, (len(inputs), -1)).astype(np.float64)
    drawn = random.start_normals(random.mix("held out", np.zeros(1, np.int64)), len(inputs))[:, 0]
    order = np.argsort(drawn)
    held, kept = (
        np.sort(order[: round(SHARE * len(inputs))]),
        np.sort(order[round(SHARE * len(inputs)) :]),
    )
    return inputs[kept], targets[kept], inputs[held], targets[held]


def standardised(columns: np.ndarray, *others: np.ndarray) -> list[np.ndarray]:
    """The columns, then the others, less the mean and over the standard deviation that the first
    have.
    """
    mean, deviation = columns.mean(axis=0), columns.std(axis=0)
    return [(part - mean) / deviation for part in (columns, *others)]
