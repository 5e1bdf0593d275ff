"""Numbers that problems draw once for all, by a word and never by a seed."""

import numpy as np
from optbench.kernels import random


def normals(word, *shape):
    """Standard normal numbers of that shape, always the same for a word."""
    return random.start_normals(
        random.mix(word, np.zeros(1, np.int64)), int(np.prod(shape))
    ).reshape(shape)


def orthonormal(word, rows, columns):
    """The orthonormal columns that Gram and Schmidt make of a fixed normal matrix's."""
    columns_of = []
    for column in normals(word, rows, columns).T:
        for _ in range(2):  # twice is enough (Kahan)
            column = column - sum(((q @ column) * q for q in columns_of), np.zeros(rows))
        columns_of.append(column / np.linalg.norm(column))
    return np.array(columns_of).T
