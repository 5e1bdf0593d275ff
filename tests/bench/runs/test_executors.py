"""Executors: whatever has submit computes the runs, and gives what the default threads give."""

import multiprocessing
import pickle
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import optbench as ob
import pandas as pd
import pytest
import threadpoolctl
from optbench.bench.plugins import discovery
from optbench.bench.runs import run as running
from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan
from optbench.bench.terminal.notices import Notice
from optbench.kernels.blas import one_thread

ASKED = {
    "problems": ["rosenbrock", "xor", "linear_regression"],
    "optimizers": ["adam", "lookahead[sgd]", "muon"],
    "lrs": [0.01, 0.1],
    "seeds": 2,
    "steps": 30,
}


class AtOnce:
    """The least that is an executor."""

    def submit(self, work, *arguments):
        future = Future()
        future.set_result(work(*arguments))
        return future


def assert_equal(results, expected):
    """Whether two results have the same frames, to the last bit; times are others each time."""
    for frame in ("runs", "curves", "hits"):
        own, other = getattr(results, frame), getattr(expected, frame)
        if frame == "runs":
            own, other = own.drop(columns="ns_per_step"), other.drop(columns="ns_per_step")
        pd.testing.assert_frame_equal(own, other, check_exact=True)


@pytest.fixture(scope="module")
def expected():
    return ob.run(**ASKED)


class Pickling:
    """Computes at once, with what another process would get, and returns what it would send."""

    def submit(self, work, *arguments):
        future = Future()
        try:
            again, given = pickle.loads(pickle.dumps((work, arguments)))
            future.set_result(pickle.loads(pickle.dumps(again(*given))))
        except pickle.PicklingError as error:
            future.set_exception(error)
        return future


def test_an_object_with_submit_is_enough(expected):
    """Five lines with submit that compute at once give the runs of the default."""
    assert_equal(ob.run(**ASKED, executor=AtOnce()), expected)


def test_what_is_sent_gives_the_same_bits(expected):
    """Blocks that were pickled are computed to the same bits, and come back as arrays."""
    assert_equal(ob.run(**ASKED, executor=Pickling()), expected)


@pytest.mark.slow
def test_processes_give_the_same_bits(expected):
    """Blocks are sent to spawned processes by name, and what comes back is the same to the bit."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert_equal(ob.run(**ASKED, executor=pool), expected)


def test_an_executor_is_left_open():
    """The executor is its owner's: after a sweep it takes more work."""
    with ThreadPoolExecutor(2) as pool:
        ob.run(**ASKED, executor=pool)

        assert pool.submit(abs, -3).result() == 3


def test_runs_are_stored_as_they_finish(tmp_path, monkeypatch):
    """An interrupt in mid-sweep leaves what the executor has finished in the store, and the rest is
    cancelled.
    """
    compute, seen = running.compute, []

    def interrupted(block):
        seen.append(block)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return compute(block)

    monkeypatch.setattr(running, "compute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ob.run(**ASKED, executor=AtOnce(), store=tmp_path)

    assert len(ob.load(tmp_path)) == sum(block.lrs.size for block in seen[:2])


def test_an_interrupt_cancels_what_has_not_begun(monkeypatch):
    """After an interrupt no work is left to an executor that goes on living."""
    futures = []

    class Later:
        def submit(self, work, *arguments):
            futures.append(Future())
            if len(futures) == 9:
                futures[0].set_exception(KeyboardInterrupt())
            return futures[-1]

    with pytest.raises(KeyboardInterrupt):
        ob.run(**{**ASKED, "optimizers": ["adam", "sgd", "lion"]}, executor=Later())

    assert len(futures) >= 9
    assert all(future.cancelled() for future in futures[1:])


def test_a_failed_block_is_a_row_with_its_reason():
    """A rule that can't be computed in another process fails alone, and the reason is its own."""

    @ob.optimizer
    def unsendable(x, g, lr=0.1):
        return x - lr * g

    asked = {"lrs": [0.1], "seeds": 1, "steps": 5}
    with pytest.warns(Notice, match="unsendable"):
        runs = ob.run(["sphere"], ["sgd", unsendable], **asked, executor=Pickling()).runs
    errors = runs.set_index("optimizer")["error"].astype(str)

    assert errors["sgd"] == ""
    assert "can't be found by another process" in errors["unsendable"]


def test_a_pool_that_was_shut_down_fails_every_run():
    """Where the executor takes no work every run fails, with what it said."""
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(RuntimeError, match=r"every run failed: .*shutdown"):
        ob.run(**ASKED, executor=pool)


@pytest.mark.parametrize(
    "executor",
    [3, "threads", ThreadPoolExecutor, object()],
    ids=["number", "text", "class", "object"],
)
def test_what_is_no_executor_is_refused(executor, tmp_path):
    """Without submit it isn't an executor: one line says so, before a folder is made."""
    with pytest.raises(ValueError, match="an executor has submit") as caught:
        ob.run(**ASKED, executor=executor, store=tmp_path / "runs")

    assert "\n" not in str(caught.value)
    assert not (tmp_path / "runs").exists()


def test_a_submit_without_a_future_is_refused():
    """An object whose submit returns no future is refused; the line says what it returned."""

    class Calling:
        def submit(self, work, *arguments):
            return work(*arguments)

    with pytest.raises(ValueError, match="its submit returned tuple"):
        ob.run(**ASKED, executor=Calling())


def test_workers_and_an_executor_exclude_each_other():
    """The number of threads is the default executor's alone."""
    with pytest.raises(ValueError, match="executor and workers"):
        ob.run(**ASKED, executor=AtOnce(), workers=2)


@pytest.mark.parametrize("computed", [False, True], ids=["fresh", "with its source"])
def test_a_block_comes_back(computed):
    """A pickled block has the same names, lanes and digest of its code, computed before or not."""
    block = plan(Request(**ASKED)).blocks()[0]
    source = block.source if computed else None
    again = pickle.loads(pickle.dumps(block))

    assert again.names() == block.names()
    assert again.source == (source or block.source)
    assert np.array_equal(again.lrs, block.lrs)


def test_blas_stays_on_one_thread_until_the_last_block_ends():
    """Blocks that overlap in threads hold BLAS to one thread together: it is lifted by the last."""

    def threads():
        return {
            pool["num_threads"]
            for pool in threadpoolctl.threadpool_info()
            if pool["user_api"] == "blas"
        }

    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        first, second = one_thread(), one_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        between = threads()
        second.__exit__(None, None, None)

        assert between == {1}
        assert threads() == {2}


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_bits(expected):
    """A Client of dask.distributed computes the runs on its workers' processes."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=2, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert_equal(ob.run(**ASKED, executor=client), expected)


RULE = """
import optbench as ob

@ob.optimizer
def long_lived(x, g, lr=0.1):
    return x - {factor} * lr * g
"""


def test_a_worker_with_older_code_says_so(tmp_path):
    """Runs of a worker that has other code of a rule than the process that asks are failed, not
    taken for runs of the new code.
    """
    file = tmp_path / "long_lived.py"
    file.write_text(RULE.format(factor=1.0))
    discovery.load_file(file)
    (block,) = plan(Request(problems=["beale"], optimizers=["long_lived"], steps=5)).blocks()
    sent = pickle.dumps(block)
    record, reason = running._answer(pickle.loads(sent))

    assert (record is None, reason) == (False, "")
    file.write_text(RULE.format(factor=2.0))
    discovery.load_file(file)
    record, reason = running._answer(pickle.loads(sent))

    assert record is None
    assert "other code of long_lived or beale; start the executor anew" in reason
