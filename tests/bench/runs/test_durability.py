"""Runs on disk under interrupts, kills and other sessions: nothing finished is lost."""

import os
import signal
import subprocess
import sys
import threading
import time

import optbench as ob
import pyarrow.parquet as pq
import pytest
from optbench.bench.runs import run as running
from optbench.bench.runs.store import Store
from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan
from stored_sweep import ASKED, execute, same

LONG = {
    "problems": ["logistic_regression"],
    "optimizers": ["sgd"],
    "lrs": [0.1, 0.2],
    "seeds": 200,
    "steps": 5,
}
"""A sweep of 200 blocks."""


SLOWLY = """
import time
import optbench as ob
from optbench.bench.runs import run

compute = run.compute
run.compute = lambda block: (time.sleep(0.02), compute(block))[1]
"""


def wait_for(what, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return
        time.sleep(0.02)
    raise AssertionError(f"nothing after {seconds} seconds")


def test_a_killed_sweep_loses_nothing_finished(folder):
    """After SIGKILL in mid-sweep the stored runs stand, and the same sweep computes the others
    alone.
    """
    code = f"{SLOWLY}ob.run(**{LONG}, store={str(folder)!r})"
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        wait_for(lambda: list(folder.glob("*.parquet")) or process.poll() is not None)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    stored = ob.load(folder).runs
    rest = execute(folder, **LONG)
    kept = rest.results.runs.merge(stored[["lr", "seed"]], on=["lr", "seed"])

    assert 0 < len(stored) < 400, "the sweep was over before it was killed: the test is void"
    assert (rest.computed, rest.found) == (400 - len(stored), len(stored))
    assert same(stored, kept)
    assert not rest.results.runs.duplicated(["lr", "seed"]).any()


def test_a_finished_block_is_on_disk_soon(folder, part):
    """A finished block is on disk within a second, however long the next one takes."""
    with Store(folder) as store:
        store.add(part)
        time.sleep(1.0)
        found = len(ob.load(folder))

    assert found == len(part)


def test_an_interrupted_sweep_keeps_what_is_finished(folder, monkeypatch):
    """Ctrl-C in mid-sweep leaves every finished run in the store."""
    compute, finished = running.compute, []

    def interrupted(block):
        if len(finished) == 2:
            raise KeyboardInterrupt
        finished.append(block.lrs.size)
        return compute(block)

    monkeypatch.setattr(running, "compute", interrupted)
    with pytest.raises(KeyboardInterrupt):
        running.execute(plan(Request(**ASKED)), store=folder, workers=1)
    monkeypatch.setattr(running, "compute", compute)

    assert len(ob.load(folder)) == sum(finished) == 12
    assert execute(folder).computed == 12


def test_files_are_complete_when_they_appear(folder, monkeypatch):
    """A crash in the middle of writing leaves no file that a reader sees, and the stored runs as
    they were.
    """
    first = execute(folder)
    write_table = pq.write_table

    def crashing(table, where, **options):
        write_table(table, where, **options)
        os.truncate(where, os.path.getsize(where) // 2)
        raise SystemExit("the process ends here")

    monkeypatch.setattr(pq, "write_table", crashing)
    with pytest.raises(SystemExit):
        execute(folder, seeds=9)
    monkeypatch.setattr(pq, "write_table", write_table)

    assert same(ob.load(folder).runs, first.results.runs)
    assert execute(folder, seeds=9).computed == 48


def test_readers_never_see_half_a_file(folder, part):
    """While a session writes and merges, every file that a reader opens is whole."""
    stop, seen, broken = threading.Event(), [], []

    def read():
        while not stop.is_set():
            for file in folder.glob("*.parquet"):
                try:
                    seen.append(len(pq.ParquetFile(file).read()))
                except FileNotFoundError:
                    pass  # merged meanwhile
                except Exception as error:
                    broken.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(10):
            with Store(folder) as store:
                for _ in range(5):
                    store.add(part)
                    store.flush()
    finally:
        stop.set()
        reader.join()

    assert seen
    assert broken == []


def test_a_reader_misses_nothing_during_a_merge(folder, part, monkeypatch):
    """Files that another session merges between a reader's look at the folder and its reading are
    not missed.
    """
    store = Store(folder)
    for row in range(len(part)):
        store.add(part.slice(row, 1))
        store.flush()
    parquet_file, merged = pq.ParquetFile, []

    def merging_first(*arguments, **options):
        if not merged:
            merged.append(True)
            store.close()
        return parquet_file(*arguments, **options)

    monkeypatch.setattr(pq, "ParquetFile", merging_first)

    assert len(ob.load(folder)) == len(part)


def test_two_sessions_at_once_keep_both(folder, part):
    """Two sessions in one folder, the later begun before the earlier ended, both keep their
    runs.
    """
    half = len(part) // 2
    with Store(folder) as one, Store(folder) as other:
        one.add(part.slice(0, half))
        other.add(part.slice(half))
        other.flush()
        one.flush()

    assert len(ob.load(folder)) == len(part)


@pytest.mark.parametrize(
    "name", ["runs-1.parquet.tmp", ".123.tmp", "part-00000000000000000001-1.parquet.tmp"]
)
def test_leftovers_are_ignored(folder, name):
    """What a crashed session left half written is neither read nor in the way."""
    first = execute(folder)
    (folder / name).write_bytes(b"PAR1 half a file")

    assert same(ob.load(folder).runs, first.results.runs)
    assert execute(folder).computed == 0
