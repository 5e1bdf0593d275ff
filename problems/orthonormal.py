"""Matrices with orthonormal columns, for rotations and for matrices of known singular values."""

import numpy as np

from ..kernels import random


def orthonormal_columns(matrix: np.ndarray) -> np.ndarray:
    """Q (rows, columns) of the QR factors of a matrix (rows, columns), its signs such that R's
    diagonal is positive.

    Of a square matrix of standard normal numbers it is Haar-distributed: Stewart (1980), SIAM J.
    Numer. Anal. 17(3), 403-409.
    """
    q, r = np.linalg.qr(matrix)
    return q * np.sign(np.diag(r))


def drawn(name: str, rows: int, columns: int) -> np.ndarray:
    """Orthonormal columns (rows, columns), always the same for a name."""
    normals = random.start_normals(random.mix(name, np.zeros(1, np.int64)), rows * columns)
    return orthonormal_columns(normals.reshape(rows, columns))
