"""Random numbers in Python's integers."""

import numpy as np


def philox4x32(counter, key, rounds=10):
    """Philox4x32 of Salmon, Moraes, Dror & Shaw (SC 2011), section 3.3.

    counter : four words of 32 bits.  key : two of them.
    """
    c, k, mask = list(counter), list(key), 0xFFFFFFFF
    for _ in range(rounds):
        low, high = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(high >> 32) ^ c[1] ^ k[0], high & mask, (low >> 32) ^ c[3] ^ k[1], low & mask]
        k = [(k[0] + 0x9E3779B9) & mask, (k[1] + 0xBB67AE85) & mask]
    return c


def words(seed, stream, step, index):
    """Two words of 64 bits: those of the counter (index, stream, step) under the key `seed`."""
    low, high = index & 0xFFFFFFFF, index >> 32
    key = seed & 0xFFFFFFFF, seed >> 32
    a, b, c, d = philox4x32((low, high | stream << 16, step, 0), key)
    return (a << 32) | b, (c << 32) | d


def normal(seed, stream, step, index):
    """A standard normal number by Box & Muller (1958), two of one pair of words."""
    first, second = (word >> 11 for word in words(seed, stream, step, index // 2))
    radius = np.sqrt(-2 * np.log((first + 1) / 2**53))
    turn = np.cos if index % 2 == 0 else np.sin
    return radius * turn(2 * np.pi * second / 2**53)
