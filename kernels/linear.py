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


@jit
def transposed(a):
    """A contiguous copy of the transpose."""
    made = np.empty((a.shape[1], a.shape[0]))
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            made[j, i] = a[i, j]
    return made


@jit
def orthogonalized(a, steps, eps):
    """The orthogonal factor of a wide matrix, roughly: `steps` of Newton and Schulz by Jordan's
    quintic, from a / |a|.
    """
    x, size = a.copy(), norm(a.ravel()) + eps
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] /= size
    for _ in range(steps):
        square = product(x, transposed(x))
        fourth = product(square, square)
        for i in range(square.shape[0]):
            for j in range(square.shape[1]):
                square[i, j] = -4.7750 * square[i, j] + 2.0315 * fourth[i, j]
        moved = product(square, x)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                x[i, j] = 3.4445 * x[i, j] + moved[i, j]
    return x


@jit
def gram(total, kept, share, a):
    """total = kept * total + share * a @ a.T, in place."""
    square = product(a, transposed(a))
    for i in range(total.shape[0]):
        for j in range(total.shape[1]):
            total[i, j] = kept * total[i, j] + share * square[i, j]


@jit
def eigenvectors(a, into):
    """The eigenvectors of a symmetric matrix, in columns, by falling eigenvalue."""
    vectors = np.linalg.eigh(a)[1]
    for i in range(into.shape[0]):
        for j in range(into.shape[1]):
            into[i, j] = vectors[i, into.shape[1] - 1 - j]


@jit
def orthonormalize(a, into):
    """The orthonormal factor of a square matrix, by Householder reflections."""
    copy(np.linalg.qr(a)[0], into)


@jit
def copy(a, into):
    """Copy a matrix."""
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            into[i, j] = a[i, j]


@jit
def inverse_root(a, power, least):
    """a^(-power) of a symmetric matrix by its eigenvalues, raised to `least`; those that stay at 0
    count as none.
    """
    values, vectors = np.linalg.eigh(a)
    scaled = vectors.copy()
    for j in range(values.size):
        value = max(values[j], least)
        for i in range(values.size):
            scaled[i, j] *= value**-power if value > 0 else 0.0
    return product(scaled, transposed(vectors))
