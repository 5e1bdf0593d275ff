"""Where blocks are computed: threads of this machine; kernels leave Python alone, so threads are
enough.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads(compute: Callable[[Task], Done], tasks: Iterable[Task], workers: int) -> Iterator[Done]:
    """Yield compute(task) as tasks finish, in any order; on an error or interrupt what hasn't begun
    is dropped.
    """
    if workers == 1:
        yield from map(compute, tasks)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="optbench") as pool:
        futures = [pool.submit(compute, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
