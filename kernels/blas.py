"""BLAS on one thread: blocks are what runs in parallel, and its threads inside them would fight
over the same cores.
"""

from contextlib import contextmanager
from functools import cache

import threadpoolctl


@contextmanager
def one_thread(needed: bool = True):
    """Hold BLAS to one thread, in the whole process, while the context lasts; about 20 µs."""
    if needed:
        with _controller().limit(limits=1, user_api="blas"):
            yield
    else:
        yield


@cache
def _controller() -> threadpoolctl.ThreadpoolController:
    import scipy.linalg.cython_blas  # noqa: F401  (Numba's matrix products call this BLAS; it must be loaded to be found)

    return threadpoolctl.ThreadpoolController()
