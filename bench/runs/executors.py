"""Where blocks are computed: an executor is whatever has `submit` as concurrent.futures has it. The
default is threads of this process: kernels leave Python's lock alone, so threads are enough.
"""

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar, runtime_checkable

from ...kernels.grammar import InputError

Task = TypeVar("Task")
Answer = TypeVar("Answer")


@runtime_checkable
class Waited(Protocol):
    """What an executor returns of submitted work, as concurrent.futures.Future."""

    def add_done_callback(self, fn: Callable[[Any], Any], /) -> Any:
        """Call fn with this future once the work is done, at once if it is."""
        ...

    def result(self) -> Any:
        """What the work returned; what it raised is raised here."""
        ...

    def cancel(self) -> Any:
        """Drop the work unless it has begun."""
        ...


@runtime_checkable
class Executor(Protocol):
    """A ThreadPoolExecutor, a ProcessPoolExecutor, a Client of dask.distributed, or the like."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Any:
        """Begin fn(*args), now or later; return a Waited."""
        ...


class AtOnce:
    """An executor that computes in the thread that submits, before `submit` returns."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> "Future[Any]":
        """Compute fn(*args); an error is raised here."""
        future: Future[Any] = Future()
        future.set_result(fn(*args))
        return future


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def opened(executor: object, workers: object, tasks: int) -> Generator[Executor]:
    """The executor that is given, left open afterwards; or, for None, threads for so many tasks.

    workers : threads; None means one a processor. Raises InputError for another number, where both
    are given, and for an object that isn't an executor.
    """
    if workers is not None and not (isinstance(workers, int) and workers >= 1):
        raise InputError(f"workers must be a whole number from 1, not {workers!r}")
    if executor is not None:
        if isinstance(executor, type) or not isinstance(executor, Executor):
            raise InputError(
                f"an executor has submit, as concurrent.futures.Executor; {executor!r} is none"
            )
        if workers is not None:
            raise InputError(
                "executor and workers are two ways to say where runs are computed; give one of them"
            )
        yield executor
        return
    threads = min(workers or processors(), max(1, tasks))
    if threads == 1:
        yield AtOnce()
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="optbench") as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def answers(
    executor: Executor, work: Callable[[Task], Answer], tasks: Iterable[Task]
) -> Iterator[tuple[Task, Answer | Exception]]:
    """Yield each task with work(task) as it is done, in any order; with the error instead where the
    executor couldn't compute it.

    Where the caller stops, by an error or an interrupt, what hasn't begun is cancelled. Raises
    InputError where `submit` returns no future.
    """
    done: SimpleQueue[tuple[int, Task, Waited]] = SimpleQueue()
    pending: dict[int, Waited] = {}
    try:
        for number, task in enumerate(tasks):
            future = _submitted(executor, work, task)
            if isinstance(future, Exception):
                yield task, future
                continue
            pending[number] = future
            future.add_done_callback(partial(_put, done, number, task))
            while not done.empty():  # an executor may compute at once
                yield _taken(done, pending)
        while pending:
            yield _taken(done, pending)
    finally:
        for future in pending.values():
            future.cancel()


def _submitted(executor: Executor, work: Callable[..., Any], task: object) -> Waited | Exception:
    try:
        future = executor.submit(work, task)
    except Exception as error:  # a pool that is broken or shut down
        return error
    if not isinstance(future, Waited):
        raise InputError(
            f"{executor!r} isn't an executor: its submit returned {type(future).__name__}, not a"
            " future with add_done_callback, result and cancel"
        )
    return future


def _put(done: "SimpleQueue[Any]", number: int, task: object, future: Waited) -> None:
    done.put((number, task, future))


def _taken(
    done: "SimpleQueue[tuple[int, Task, Waited]]", pending: dict[int, Waited]
) -> tuple[Task, Any]:
    """Wait for the next finished task; return it with its answer, or with the error."""
    number, task, future = done.get()
    del pending[number]
    try:
        return task, future.result()
    except Exception as error:  # work that can't be sent to a process, a process that died
        return task, error
