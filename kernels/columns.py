"""One lane of a block as a contiguous float64 vector, there and back."""

import numpy as np

from .jit import jit


@jit
def gather(block, row, lane, into):
    """into = the column `lane` of the block from `row` on."""
    for i in range(into.size):
        into[i] = block[row + i, lane]


@jit
def scatter(values, sound, block, row, lane):
    """Write the values, or NaN where they aren't sound, back into the column `lane` from `row`
    on.
    """
    for i in range(values.size):
        block[row + i, lane] = values[i] if sound else np.nan


@jit
def finite(values):
    """Whether all are finite."""
    found = True
    for i in range(values.size):
        found &= values[i] * 0.0 == 0.0  # 0 * (inf or NaN) is NaN
    return found
