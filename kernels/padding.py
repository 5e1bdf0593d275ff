"""Lanes filled up to whole panels, so that none is in the remainder of a vectorised loop."""

from collections.abc import Iterable

import numpy as np

from .signatures import PADDING, PANEL


def padded(columns: np.ndarray) -> np.ndarray:
    """The last axis filled up to whole panels by repeating its last entry; C-contiguous."""
    missing = -columns.shape[-1] % PANEL
    width = [(0, 0)] * (columns.ndim - 1) + [(0, missing)]
    return np.ascontiguousarray(np.pad(columns, width, mode="edge") if missing else columns)


def padded_seeds(seeds: np.ndarray) -> np.ndarray:
    """Seeds filled up to whole panels by PADDING: int64, a copy."""
    return np.concatenate([seeds, np.full(-seeds.size % PANEL, PADDING)])


def tensor_layout(shapes: Iterable[tuple[str, tuple[int, ...]]]) -> np.ndarray:
    """int64 (tensors, 4): first coordinate, rows, columns, rank of every parameter tensor; vectors
    are one column.
    """
    rows: list[tuple[int, int, int, int]] = []
    first = 0
    for _, shape in shapes:
        size = int(np.prod(shape))
        height, width = (shape[0], size // shape[0]) if shape else (1, 1)
        rows.append((first, height, width, len(shape)))
        first += size
    return np.array(rows, np.int64)
