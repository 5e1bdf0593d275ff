"""Random numbers that are a function of (problem, seed, stream, step, index) and of nothing else.

Numba's own generator has a state per thread. A counter-based one gives a run the same numbers
whichever thread, block or process computes it.
"""

from collections.abc import Sequence
from functools import cache
from math import cos, log, pi, sin, sqrt

import numpy as np
from numba import float64, int64, uint64, void

from .digests import digest
from .grammar import InputError
from .jit import builtin_kernel, compiled_once, inline, jit
from .signatures import array

START, ORDER, NOISE, EXTRA_NOISE, RULE = 0, 1, 2, 3, 4
"""Streams: the start, the mini-batch order, a problem's own gradient noise, noise that a transform
adds; from RULE on two for each rule of a chain, the innermost first: its normal and its uniform
numbers.
"""

_LOW = uint64(0xFFFFFFFF)


@inline
def philox(counter0, counter1, counter2, counter3, key0, key1):
    """Philox4x32-10 of Salmon, Moraes, Dror & Shaw (SC 2011), section 3.3: four 32-bit words, held
    in uint64.
    """
    c0, c1, c2, c3 = uint64(counter0), uint64(counter1), uint64(counter2), uint64(counter3)
    k0, k1 = uint64(key0), uint64(key1)
    for _ in range(10):
        p0 = uint64(0xD2511F53) * c0
        p1 = uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (
            (p1 >> uint64(32)) ^ c1 ^ k0,
            p1 & _LOW,
            (p0 >> uint64(32)) ^ c3 ^ k1,
            p0 & _LOW,
        )
        k0 = (k0 + uint64(0x9E3779B9)) & _LOW
        k1 = (k1 + uint64(0xBB67AE85)) & _LOW
    return c0, c1, c2, c3


@inline
def words(seed, stream, step, index):
    """Two 64-bit words of the lane's seed at (stream, step, index); step and index below 2**32 and
    2**48.
    """
    low, high = uint64(seed) & _LOW, uint64(seed) >> uint64(32)
    place = uint64(index)
    a, b, c, d = philox(
        place & _LOW,
        (place >> uint64(32)) | (uint64(stream) << uint64(16)),
        uint64(step),
        0,
        low,
        high,
    )
    return (a << uint64(32)) | b, (c << uint64(32)) | d


@inline
def normal(seed, stream, step, index):
    """A standard normal number, by Box & Muller (1958)."""
    first, second = words(seed, stream, step, index >> 1)
    # 53 bits each; the first in (0, 1], so that its logarithm is finite
    radius = sqrt(-2.0 * log((float(first >> uint64(11)) + 1.0) * 2.0**-53))
    angle = 2.0 * pi * (float(second >> uint64(11)) * 2.0**-53)
    return radius * (cos(angle) if index & 1 == 0 else sin(angle))


@inline
def uniform(seed, stream, step, index):
    """A number from [0, 1), one of 2**53."""
    first, _ = words(seed, stream, step, index)
    return float(first >> uint64(11)) * 2.0**-53


def _draw(formula):
    """Two helpers of compose.py that fill `into` with draws for a rule: one coordinate of all
    lanes, coordinates of one lane.

    Only the seed counts, which stands in the low 32 bits of a key: the same draws on every problem,
    and in a Walk without one.
    """

    @jit
    def of_lanes(seeds, stream, step, index, into):
        for lane in range(seeds.size):
            # a sweep's lanes of one seed stand side by side: one draw for all of them
            if lane > 0 and seeds[lane] == seeds[lane - 1]:
                into[lane] = into[lane - 1]
            else:
                into[lane] = formula(uint64(seeds[lane]) & _LOW, stream, step, index)

    @jit
    def of_run(seed, stream, step, first, into):
        for i in range(into.size):
            into[i] = formula(uint64(seed) & _LOW, stream, step, first + i)

    return of_lanes, of_run


normal_of_lanes, normal_of_run = _draw(normal)
uniform_of_lanes, uniform_of_run = _draw(uniform)


@jit
def shuffle(order, seed, epoch):
    """Fill `order` with the permutation of its indices for (seed, epoch): Durstenfeld (1964), CACM
    Algorithm 235.

    The remainder of a 64-bit word is biased by less than 2**-40 for the data sets that fit in
    memory.
    """
    for i in range(order.size):
        order[i] = i
    for i in range(order.size - 1, 0, -1):
        word, _ = words(seed, ORDER, epoch, i)
        j = int64(word % uint64(i + 1))
        order[i], order[j] = order[j], order[i]


@jit
def fill_rows(rows, order, seed, step):
    """Put the rows of update `step` (1, 2, ...) first in `rows` and return how many: epochs in
    random order, last part short.

    `order` holds the current epoch's permutation between calls with increasing steps.
    """
    batch = rows.size
    per_epoch = (order.size + batch - 1) // batch
    epoch, part = (step - 1) // per_epoch, (step - 1) % per_epoch
    if part == 0:
        shuffle(order, seed, epoch)
    first = part * batch
    count = min(batch, order.size - first)
    for i in range(count):
        rows[i] = order[first + i]
    return count


def mix(problem: str, seeds: Sequence[int] | np.ndarray) -> np.ndarray:
    """The int64 keys that kernels get as `seeds`: the problem's name in the high 32 bits, the seed
    in the low ones.

    Raises InputError for a seed that isn't a whole number from 0 to 2**32 - 1.
    """
    wrong = [
        seed
        for seed in np.asarray(seeds).tolist()
        if not isinstance(seed, int) or not 0 <= seed < 2**32
    ]
    if wrong:
        raise InputError(f"a seed must be a whole number from 0 to 2**32 - 1, not {wrong[0]!r}")
    return _family_key(problem) | np.asarray(seeds, dtype=np.int64)


@cache
def _family_key(problem: str) -> np.int64:
    return np.int64(np.uint64(int(digest(problem)[:8], 16) << 32).astype(np.int64))


def _normals(seeds, out):
    for i in range(out.shape[0]):
        for lane in range(out.shape[1]):
            out[i, lane] = normal(seeds[lane], START, 0, i)


def _batch(order, seed, step, rows):
    per_epoch = (order.size + rows.size - 1) // rows.size
    shuffle(order, seed, (step - 1) // per_epoch)
    return fill_rows(rows, order, seed, step)


@compiled_once
def _normals_kernel():
    return builtin_kernel(_normals, void(array(int64, 1), array(float64, 2)))


@compiled_once
def _batch_kernel():
    return builtin_kernel(_batch, int64(array(int64, 1), int64, int64, array(int64, 1)))


def start_normals(seeds: np.ndarray, dim: int) -> np.ndarray:
    """Standard normals of the start stream, (dim, len(seeds)); `seeds` are mixed keys."""
    out = np.empty((dim, seeds.size))
    _normals_kernel()(np.ascontiguousarray(seeds), out)
    return out


def mini_batch(seed: np.int64, step: int, samples: int, batch: int) -> np.ndarray:
    """The rows that update `step` sees: int64, (batch,) or fewer at the end of an epoch."""
    rows = np.empty(batch, np.int64)
    count = _batch_kernel()(np.empty(samples, np.int64), seed, step, rows)
    return rows[:count]
