import numpy as np
from twins.fixed_numbers import orthonormal


def matrix_factorisation(x, rows=10, columns=8, rank=3, condition=10.0):
    """Eckart & Young (1936), Psychometrika 1(3), 211-218: half the square of the error."""
    width = min(rows, columns)
    values = [
        condition ** (-min(k, rank - 1) / max(rank - 1, 1)) * (1 if k < rank else 0.1)
        for k in range(width)
    ]
    left = orthonormal("matrix_factorisation, left", rows, width)
    right = orthonormal("matrix_factorisation, right", columns, width)
    u, v = x[: rows * rank].reshape(rows, rank), x[rows * rank :].reshape(columns, rank)
    return np.linalg.norm(u @ v.T - left @ np.diag(values) @ right.T, "fro") ** 2 / 2


VARIANTS = ("columns=4,condition=3.0,rank=2,rows=6",)
