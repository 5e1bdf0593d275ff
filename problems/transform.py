"""Transforms that make a new problem of any problem, named in its name:
`rosenbrock[dim=10,rotated]`.

    shift=1.0      the problem elsewhere: moved by that times a fixed standard normal vector
    rotated        turned by a fixed Haar-distributed rotation
    rescale=100.0  coordinates in other units: factors log-uniform over that ratio, in a fixed
                   random order
    permuted       coordinates in a fixed random order
    noise=0.1      the gradient fed to a rule has that times a standard normal vector added, its
                   loss the same times x
    bits=8         the gradient fed has 2**bits - 1 levels from its largest entry to minus that,
                   rounded to the nearest
    delay=4        the gradient fed is that of the point so many updates ago (the start's, at first)

The first four are a change of coordinates y = A x + b: start and minimizers move along, losses stay
what they were.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor
from typing import Any, NamedTuple

import numpy as np

from ..kernels import random, sources
from ..kernels.grammar import InputError
from ..kernels.jit import compiled_once, jit, joined, wrapped_kernel
from ..kernels.signatures import gradient_signature
from .formula import gradient_kernel
from .noise import add_tilt
from .orthonormal import orthonormal_columns

OPTIONS: dict[str, Any] = {
    "shift": 0.0,
    "rotated": False,
    "rescale": 1.0,
    "permuted": False,
    "noise": 0.0,
    "bits": 0,
    "delay": 0,
}
"""What a problem's name may ask for beside its own parameters, with the value that changes
nothing.
"""
EXAMPLES = {
    "shift": 1.0,
    "rotated": True,
    "rescale": 100.0,
    "permuted": True,
    "noise": 0.1,
    "bits": 8,
    "delay": 4,
}
"""A value of each option, to show and to test it."""
LARGEST = 512
"""Coordinates up to which a rotation is a matrix worth keeping: 2 MB."""


class Header(NamedTuple):
    """The numbers at the beginning of a transformed problem's data. b, A and the formula's own data
    follow.

    formula_data : where the formula's data begin.  is_matrix : 1 where A is a matrix, and 0 where
    it is a factor and a place for each coordinate.
    noise : units of the gradient, 0 for none.  bits : 0 for none.
    """

    formula_data: int
    is_matrix: float
    noise: float
    bits: float


HEADER = len(Header._fields)


def read_header(data):
    """The Header that Transform.data has written; plain Python, joined to the kernel."""
    return Header(formula_data=int(data[0]), is_matrix=data[1], noise=data[2], bits=data[3])


@dataclass(frozen=True, eq=False)
class Transform:
    """y = A x + b with A = diag(scale) P R, and what becomes of the gradient.

    scale : (n,).  order : int64 (n,), P's rows.  rotation : (n, n) or None.  shift : (n,), so that
    b = -A shift.
    noise : units of the gradient.  bits : 0 for none.  delay : updates.
    """

    scale: np.ndarray
    order: np.ndarray
    rotation: np.ndarray | None
    shift: np.ndarray
    noise: float
    bits: int
    delay: int

    @staticmethod
    def of(
        dim: int,
        shift: float,
        rotated: bool,
        rescale: float,
        permuted: bool,
        noise: float,
        bits: int,
        delay: int,
    ):
        """The transform with these values of OPTIONS for `dim` coordinates. Raises InputError for
        values out of range.
        """
        sound = (
            abs(shift) <= 1e6 and 1 <= rescale <= 1e12 and 0 <= noise <= 1e12
        )  # beyond, rounding swallows the start
        if not sound or not (bits == 0 or 2 <= bits <= 32) or not 0 <= delay <= 1000:
            raise InputError(
                f"shift={shift:g}, rescale={rescale:g}, noise={noise:g}, bits={bits},"
                f" delay={delay}: shift goes from -1e6 to 1e6, rescale is at least 1 and at most"
                " 1e12, noise at least 0 and at most 1e12, bits are 0 or go from 2 to 32, delay"
                " goes from 0 to 1000"
            )
        if rotated and dim > LARGEST:
            raise InputError(
                f"rotated: a rotation is a matrix; at most {LARGEST} coordinates, not {dim}"
            )
        places = np.argsort(_normals("rescale", dim))
        exponents = np.linspace(-0.5, 0.5, dim)[places] if dim > 1 else np.zeros(1)
        order = np.argsort(_normals("permuted", dim)) if permuted else np.arange(dim)
        return Transform(
            rescale**exponents,
            order,
            rotation(dim) if rotated else None,
            shift * _normals("shift", dim),
            noise,
            bits,
            delay,
        )

    @property
    def moves(self) -> bool:
        """Whether the coordinates are others."""
        still = (
            (self.scale == 1).all()
            and (self.order == np.arange(self.order.size)).all()
            and not self.shift.any()
        )
        return not still or self.rotation is not None

    def back(self, y: np.ndarray) -> np.ndarray:
        """x where A x + b = y: (n, L) -> (n, L)."""
        unordered = np.empty_like(y)
        unordered[self.order] = y / self.scale[:, None]
        if self.rotation is not None:
            # point by point: a matrix product's last bits depend on how many there are
            unordered = np.stack(
                [self.rotation.T @ point for point in np.ascontiguousarray(unordered.T)], axis=1
            )
        return unordered + self.shift[:, None]

    @property
    def data(self) -> np.ndarray:
        """What the compiled kernel reads: the header, b (n,), then A as a matrix (n, n) or as
        factors (n,) and places (n,).
        """
        n = self.scale.size
        if self.rotation is None:
            offset = -self.scale * self.shift[self.order]
            parts = [offset, self.scale, self.order]
        else:
            matrix = self.scale[:, None] * self.rotation[self.order]
            parts = [-matrix @ self.shift, matrix.ravel()]
        header = Header(
            formula_data=HEADER + sum(part.size for part in parts),
            is_matrix=float(self.rotation is not None),
            noise=self.noise,
            bits=self.bits,
        )
        assert parts[0].size == n
        return np.concatenate([np.array(header, float), *parts])


def rotation(dim: int) -> np.ndarray:
    """A fixed rotation or reflection (dim, dim), Haar-distributed."""
    return orthonormal_columns(random.start_normals(random.mix("rotation", np.arange(dim)), dim))


def _normals(name: str, dim: int) -> np.ndarray:
    return random.start_normals(random.mix(name, np.zeros(1, np.int64)), dim)[:, 0]


@jit
def to_formula(x, data, y):
    """y = A x + b over lanes: (n, L)."""
    n, lanes = x.shape
    for i in range(n):
        offset = data[HEADER + i]
        for lane in range(lanes):
            y[i, lane] = offset
    if data[1] == 0.0:
        for i in range(n):
            factor, j = data[HEADER + n + i], int(data[HEADER + 2 * n + i])
            for lane in range(lanes):
                y[i, lane] += factor * x[j, lane]
    else:
        for i in range(n):
            for j in range(n):
                factor = data[HEADER + n + i * n + j]
                for lane in range(lanes):
                    y[i, lane] += factor * x[j, lane]


@jit
def to_rule(slope, data, g):
    """g = A' slope over lanes: (n, L)."""
    n, lanes = g.shape
    if data[1] == 0.0:
        for i in range(n):
            factor, j = data[HEADER + n + i], int(data[HEADER + 2 * n + i])
            for lane in range(lanes):
                g[j, lane] = factor * slope[i, lane]
        return
    for j in range(n):
        for lane in range(lanes):
            g[j, lane] = 0.0
        for i in range(n):
            factor = data[HEADER + n + i * n + j]
            for lane in range(lanes):
                g[j, lane] += factor * slope[i, lane]


@jit
def quantise(g, bits):
    """Each lane's gradient on a grid of 2**bits - 1 levels from its largest magnitude to minus
    that, the nearest.
    """
    levels = 2.0 ** (bits - 1.0) - 1.0
    for lane in range(g.shape[1]):
        largest = 0.0
        for i in range(g.shape[0]):
            size = abs(float(g[i, lane]))
            largest = size if size > largest or size != size else largest  # NaN stays
        for i in range(g.shape[0]):
            if largest > 0.0:
                g[i, lane] = floor(g[i, lane] / largest * levels + 0.5) / levels * largest


KERNEL = '''"""{name} in other coordinates (generated)."""

import numpy as np


def kernel(x, g, loss, data, rows, seeds, step):
    header = read_header(data)
    y, slope = np.empty_like(x), np.empty_like(x)
    to_formula(x, data, y)
    formula(y, slope, loss, data[header.formula_data :], rows, seeds, step)
    if step == -1:
        for lane in range(loss.size):
            g[0, lane] = slope[0, lane]  # a metric, where there is one
        return
    to_rule(slope, data, g)
    if step > 0 and header.noise > 0.0:
        add_tilt(x, g, loss, header.noise, EXTRA_NOISE, seeds, step)
    if step > 0 and header.bits > 0.0:
        quantise(g, header.bits)
'''


def transformed_kernel(formula: Callable[..., Any], dtype: str) -> Callable[..., Any]:
    """The formula in other coordinates, compiled over lanes: its data begin with a Transform's."""
    return _transformed_kernel(formula, dtype, sources.state(formula))


@compiled_once
def _transformed_kernel(formula: Callable[..., Any], dtype: str, state: str) -> Callable[..., Any]:
    inner = gradient_kernel(formula, dtype)
    helpers = {
        "formula": inner,
        "read_header": joined(read_header),
        "to_formula": to_formula,
        "to_rule": to_rule,
        "add_tilt": add_tilt,
        "EXTRA_NOISE": random.EXTRA_NOISE,
        "quantise": quantise,
    }
    source = KERNEL.format(name=f"{formula.__module__}.{formula.__name__}")
    return wrapped_kernel(
        source, helpers, f"{formula.__name__}_seen", gradient_signature(dtype), [formula]
    )
