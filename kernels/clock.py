"""A monotonic clock that compiled code can read without Python (POSIX clock_gettime)."""

import time

from numba import types

from .jit import inline

_clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.uintp))
_MONOTONIC = time.CLOCK_MONOTONIC


@inline
def nanoseconds(buffer):
    """Nanoseconds since some fixed moment; buffer : int64 (2,), overwritten. About 30 ns a
    reading.
    """
    _clock_gettime(_MONOTONIC, buffer.ctypes.data)
    return buffer[0] * 1_000_000_000 + buffer[1]
