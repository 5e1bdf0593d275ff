"""BLAS on one thread: blocks are what runs in parallel, and its threads inside them would fight
over the same cores.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import threadpoolctl

_lock = threading.Lock()
_holders = 0
"""Contexts that last, in all threads."""
_limit = None


@contextmanager
def one_thread(needed: bool = True) -> Iterator[None]:
    """Hold BLAS to one thread, in the whole process, while the context lasts; about 20 µs.

    Contexts may overlap, in several threads: the first sets the limit, and the last lifts it.
    """
    if not needed:
        yield
        return
    _hold()
    try:
        yield
    finally:
        _release()


def _hold() -> None:
    global _holders, _limit
    with _lock:
        if _holders == 0:
            _limit = _controller().limit(limits=1, user_api="blas")
        _holders += 1


def _release() -> None:
    global _holders, _limit
    with _lock:
        _holders -= 1
        if _holders == 0 and _limit is not None:
            _limit.restore_original_limits()
            _limit = None


@cache
def _controller() -> threadpoolctl.ThreadpoolController:
    import scipy.linalg.cython_blas  # noqa: F401  (Numba's matrix products call this BLAS; it must be loaded to be found)

    return threadpoolctl.ThreadpoolController()
