"""Vectors and small matrices inside rules: plain sums in a fixed order, products by BLAS."""

from math import sqrt

import numpy as np

from .jit import jit


@jit
def dot(a, b):
    """The inner product of two vectors."""
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@jit
def norm(a):
    """The Euclidean norm of a vector."""
    return sqrt(dot(a, a))


@jit
def distance(a, b):
    """The Euclidean norm of a - b."""
    total = 0.0
    for i in range(a.size):
        total += (a[i] - b[i]) * (a[i] - b[i])
    return sqrt(total)


@jit
def norm1(a):
    """The sum of absolute values."""
    total = 0.0
    for i in range(a.size):
        total += abs(a[i])
    return total


@jit
def step(x, factor, direction):
    """x += factor * direction, in place."""
    for i in range(x.size):
        x[i] += factor * direction[i]


@jit
def product(a, b):
    """The matrix product a @ b."""
    made = np.empty((a.shape[0], b.shape[1]))
    np.dot(a, b, made)
    return made
