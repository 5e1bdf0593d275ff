import functools

import numpy as np


def quadratic_deep(x):
    """Schneider, Balles & Hennig (2019), arXiv:1903.05499: the mean over 1000 rows of
    1/2 (x - row)'Q(x - row).
    """
    return fed(x, np.arange(1000))


def fed(x, rows):
    """The mean over these of the rows that DeepOBS trains on, drawn with seed 42."""
    return np.mean([0.5 * (x - row) @ hessian() @ (x - row) for row in drawn(42)[rows]])


@functools.cache
def hessian():
    """Q of DeepOBS's quadratic_deep, by products of matrices: Diaconis & Shahshahani (1987)."""
    random = np.random.RandomState(42)
    eigenvalues = np.append(random.rand(90), 30 + 30 * random.rand(10))
    angle = 2 * np.pi * random.rand()
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    while len(rotation) < 100:
        v = random.standard_normal(len(rotation) + 1)
        w = np.eye(v.size)[0] - v / np.sqrt(v @ v)
        householder = np.eye(v.size) - 2 * np.outer(w, w) / (w @ w)
        rotation = householder @ np.pad(rotation, (1, 0)) + np.outer(
            householder[:, 0], np.eye(v.size)[0]
        )
    return rotation.T @ np.diag(eigenvalues) @ rotation


@functools.cache
def drawn(seed):
    """DeepOBS's data in single precision, (1000, 100)."""
    return np.float32(0.6 * np.random.RandomState(seed).standard_normal((1000, 100))).astype(float)


VARIANTS = ("batch=0",)
