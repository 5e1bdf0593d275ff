"""Runs on disk: nothing is computed twice, nothing finished is lost, and anything can read them."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import optbench as ob
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optbench.bench.plugins import discovery
from optbench.bench.runs import run as running
from optbench.bench.runs.results import Results
from optbench.bench.runs.selection import Choice
from optbench.bench.runs.store import Store, read
from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan
from optbench.kernels import schedule
from optbench.kernels.grammar import InputError

ASKED = {
    "problems": ["quadratic", "rosenbrock"],
    "optimizers": ["sgd", "adam"],
    "lrs": [0.01, 0.1],
    "seeds": 3,
    "steps": 50,
}

RULES = '''
import optbench as ob


@ob.optimizer
def edited(x, g, lr=0.1):
    """A rule that its author edits: x shrinks by FACTOR."""
    return FACTOR * x


@ob.optimizer
def untouched(x, g, lr=0.1):
    """Another file's rule."""
    return x - lr * g
'''


def execute(store, **changed):
    """Execute the sweep ASKED, with some of it changed -> the outcome."""
    return running.execute(plan(Request(**{**ASKED, **changed})), store=store)


def row_of(runs, **key):
    (row,) = runs[
        np.logical_and.reduce([runs[column] == value for column, value in key.items()])
    ].to_dict("records")
    return row


def same(left, right, columns=None):
    """Whether two frames hold the same bits; `ns_per_step` too, so that a run computed anew is
    seen.
    """
    columns = list(columns if columns is not None else left.columns)
    plain = [frame[columns].reset_index(drop=True) for frame in (left, right)]
    words = {c: str for c in columns if isinstance(left[c].dtype, pd.CategoricalDtype)}
    pd.testing.assert_frame_equal(*(frame.astype(words) for frame in plain), check_exact=True)
    return True


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def part(tmp_path):
    """A table of a few runs, as the store gets it."""
    return ob.run(
        ["quadratic"], ["sgd"], lrs=[0.1, 0.2], seeds=2, steps=5, store=tmp_path / "other"
    ).table


# ----------------------------------------------------------------------------------------------
# nothing twice


def test_a_second_sweep_computes_nothing(folder, monkeypatch):
    """The same sweep again computes no block and gives the same runs, curves and hits, bit for
    bit.
    """
    first = execute(folder)

    def compute(block):
        raise AssertionError("computed again")

    monkeypatch.setattr(running, "compute", compute)
    second = execute(folder)

    assert (first.computed, first.found, second.computed, second.found) == (24, 0, 0, 24)
    assert same(first.results.runs, second.results.runs)
    assert same(first.results.curves, second.results.curves)
    assert same(first.results.hits, second.results.hits)


@pytest.mark.parametrize(
    ("more", "computed"),
    [
        ({"seeds": 5}, 16),
        ({"seeds": [0, 1, 2, 9]}, 8),
        ({"lrs": [0.01, 0.1, 0.3]}, 12),
        ({"optimizers": ["sgd", "adam", "lion"]}, 12),
        ({"problems": ["quadratic", "rosenbrock", "rosenbrock[dim=3]"]}, 12),
    ],
)
def test_more_is_computed_alone(folder, more, computed):
    """Asked for more seeds, learning rates, optimizers or problems, only the new runs are
    computed.
    """
    first = execute(folder)
    second = execute(folder, **more)
    keys = ["problem", "optimizer", "lr", "seed"]
    kept = second.results.runs.merge(first.results.runs[keys], on=keys)

    assert (second.computed, second.found) == (computed, 24)
    assert same(first.results.runs, kept)


def test_less_is_found(folder):
    """Asked for part of what is stored, nothing is computed and only that part is returned."""
    execute(folder)
    less = execute(folder, seeds=[1], optimizers=["adam"], problems=["rosenbrock"])

    assert (less.computed, less.found) == (0, 2)
    assert less.results.runs["seed"].tolist() == [1, 1]


@pytest.mark.parametrize(
    "changed",
    [
        {"optimizers": ["sgd", "adam[beta1=0.8]"]},
        {"problems": ["quadratic[dim=4]", "rosenbrock"]},
        {"schedule": "cosine"},
        {"schedule": "step[gamma=0.5]"},
        {"steps": 51},
        {"stop": "target"},
        {"dtype": "float32"},
        {"lrs": [0.01, float(np.nextafter(0.1, 1))]},
        {"seeds": [0, 1, 3]},
    ],
)
def test_whatever_is_changed_is_another_run(folder, changed):
    """A changed setting, parameter, schedule, number of steps, stop, dtype, lr or seed is computed,
    not found.
    """
    execute(folder)
    found = execute(folder, **changed)
    partly = {"optimizers": 12, "problems": 12, "lrs": 12, "seeds": 8}
    fresh = running.execute(plan(Request(**{**ASKED, **changed}))).results.runs

    assert found.computed == partly.get(next(iter(changed)), 24)
    assert same(found.results.runs, fresh, fresh.columns.drop("ns_per_step"))


def test_equal_words_are_the_same_run(folder):
    """A setting or parameter written out at its default, or in another order, is found."""
    execute(folder)
    again = execute(
        folder,
        optimizers=["sgd", "adam[beta2=0.999,beta1=0.9]"],
        problems=["rosenbrock[dim=2]", "quadratic"],
    )

    assert again.computed == 0


def test_a_failed_run_is_tried_again(folder, monkeypatch):
    """A failure is told, not kept: the next sweep computes it, and finds the others."""
    compute = running.compute

    def failing(block):
        failed = block.optimizer.name == "adam"
        return running.Done(block, None, "OSError: for now") if failed else compute(block)

    monkeypatch.setattr(running, "compute", failing)
    first = execute(folder)
    monkeypatch.setattr(running, "compute", compute)
    second = execute(folder)

    assert (first.results.runs["status"] == "failed").sum() == 12
    assert not (ob.load(folder).runs["status"] == "failed").any()
    assert (second.computed, second.found) == (12, 12)


# ----------------------------------------------------------------------------------------------
# edited code


@pytest.fixture
def rules(tmp_path):
    """Write two plugin files, with a rule each, and load them: rules(factor) stands for an edit."""
    begin = RULES.index("@ob.optimizer\ndef untouched")
    (tmp_path / "store_other.py").write_text(RULES[: RULES.index("@ob")] + RULES[begin:])
    discovery.load_file(tmp_path / "store_other.py")

    def _rules(factor):
        (tmp_path / "store_rule.py").write_text(RULES[:begin].replace("FACTOR", str(factor)))
        discovery.load_file(tmp_path / "store_rule.py")

    return _rules


def shrunk(outcome):
    """By how much x shrank a step, of each optimizer's run on the bowl from losses of a single
    step.
    """
    runs = outcome.runs.set_index(outcome.runs["optimizer"].astype(str))
    return np.sqrt(runs["final_loss"] / runs["initial_loss"])["edited"]


EDITED = {
    "problems": ["quadratic"],
    "optimizers": ["edited", "untouched", "sgd"],
    "lrs": [0.1],
    "seeds": [0],
    "steps": 1,
}


def test_an_edited_rule_is_computed_again_alone(folder, rules):
    """After an edit to a rule its runs are computed anew, counted as superseded, and no other's."""
    rules(0.5)
    first = execute(folder, **EDITED)
    rules(0.25)
    second = execute(folder, **EDITED)

    assert (first.computed, first.superseded) == (3, 0)
    assert (second.computed, second.found, second.superseded) == (1, 2, 1)
    assert shrunk(second.results) == pytest.approx(0.25)


def test_load_gives_the_newest(folder, rules):
    """After an edit ob.load gives each run once, as the newest code computed it."""
    for factor in (0.5, 0.25):
        rules(factor)
        execute(folder, **EDITED)
    loaded = ob.load(folder)

    assert len(loaded) == 3
    assert shrunk(loaded) == pytest.approx(0.25)


def test_an_edit_taken_back_is_answered_by_its_own_runs(folder, rules):
    """After an edit and its reversal a sweep returns what the code as it stands computes, not the
    edit's runs.
    """
    for factor in (0.5, 0.25):
        rules(factor)
        execute(folder, **EDITED)
    rules(0.5)
    reverted = execute(folder, **EDITED)

    assert shrunk(reverted.results) == pytest.approx(0.5)


def test_load_after_an_edit_taken_back_gives_the_last_sweep(folder, rules):
    """After an edit and its reversal ob.load gives what the last sweep gave."""
    for factor in (0.5, 0.25, 0.5):
        rules(factor)
        last = execute(folder, **EDITED)

    assert shrunk(ob.load(folder)) == shrunk(last.results) == pytest.approx(0.5)


def test_an_edited_default_supersedes(folder):
    """After the default of a setting changes, its name means other runs: the old ones are
    superseded, not kept beside. Where the setting is given, nothing is another.
    """

    def with_default(value):
        space: dict = {}
        exec(
            f"def default_probe(x, g, lr=0.1, factor={value}):\n    return x - factor * lr * g",
            space,
        )
        space["default_probe"].__module__ = "a_test"
        return space["default_probe"]

    asked = {"problems": ["quadratic"], "lrs": [0.1], "seeds": [0], "steps": 1}
    ob.optimizer(with_default(1.0))
    execute(folder, optimizers=["default_probe", "default_probe[factor=3.0]"], **asked)
    ob.optimizer(with_default(2.0))
    second = execute(folder, optimizers=["default_probe", "default_probe[factor=3.0]"], **asked)
    loaded = ob.load(folder).runs

    assert (second.computed, second.superseded) == (1, 1)
    assert sorted(loaded["optimizer"]) == ["default_probe", "default_probe[factor=3.0]"]
    assert sorted(loaded["settings"]) == ['{"factor":2.0}', '{"factor":3.0}']


def test_an_edited_schedule_supersedes(folder, monkeypatch):
    """After an edit to a schedule's formula or default its runs are computed anew, those under
    other schedules found.
    """
    asked = {
        "problems": ["quadratic"],
        "optimizers": ["sgd"],
        "lrs": [0.1],
        "seeds": [0],
        "steps": 5,
    }
    execute(folder, schedule="cosine", **asked)
    execute(folder, schedule="linear", **asked)
    monkeypatch.setitem(
        schedule.SCHEDULES, "cosine", lambda steps, final=0.5: np.full(steps, final)
    )
    edited, other = (
        execute(folder, schedule="cosine", **asked),
        execute(folder, schedule="linear", **asked),
    )

    assert (edited.computed, edited.superseded) == (1, 1)
    assert (other.computed, other.found) == (0, 1)


def test_an_unchanged_file_is_no_edit(folder, rules):
    """An unchanged file is not an edit: the same text written again supersedes nothing."""
    for _ in range(2):
        rules(0.5)
        last = execute(folder, **EDITED)

    assert (last.computed, last.superseded) == (0, 0)


# ----------------------------------------------------------------------------------------------
# nothing lost

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


# ----------------------------------------------------------------------------------------------
# broken folders


@pytest.fixture(params=["truncated", "empty", "text", "foreign"])
def broken(request, folder):
    """A folder of runs with one file that isn't one, and that file."""
    execute(folder, seeds=1)
    execute(folder, seeds=2)
    file = sorted(folder.glob("*.parquet"))[0]
    whole = file.read_bytes()
    if request.param == "foreign":
        pq.write_table(pa.table({"a": [1, 2]}), file)
    else:
        file.write_bytes(
            {"truncated": whole[: len(whole) // 2], "empty": b"", "text": b"hello, world\n" * 100}[
                request.param
            ]
        )
    return file


@pytest.mark.parametrize(
    "use", [lambda folder: execute(folder), lambda folder: ob.load(folder)], ids=["run", "load"]
)
def test_a_broken_file_is_named_and_kept(broken, use):
    """A broken file raises a ValueError of one line that names it, and no file is deleted or
    changed.
    """
    before = {file.name: file.read_bytes() for file in broken.parent.iterdir()}
    with pytest.raises(ValueError, match="move it away") as caught:
        use(broken.parent)

    assert str(broken) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert {file.name: file.read_bytes() for file in broken.parent.iterdir()} == before


def test_a_broken_file_moved_away_costs_its_runs_alone(folder):
    """With the broken file moved away, as the message says, only its runs are computed again."""
    execute(folder, seeds=1)
    execute(folder, seeds=2)
    sorted(folder.glob("*.parquet"))[0].unlink()

    assert (execute(folder, seeds=2).computed, len(ob.load(folder))) == (8, 16)


@pytest.mark.parametrize("name", ["mine.parquet", "all runs.parquet"])
def test_a_broken_file_of_any_name_is_named(folder, name):
    """A broken file under a name that optbench didn't give raises the same line."""
    execute(folder, seeds=1)
    (folder / name).write_bytes(b"PAR1 half a file")

    with pytest.raises(ValueError, match=f"{name}.*move it away"):
        ob.load(folder)


def test_a_renamed_file_is_read(folder):
    """A file of runs is read under whatever name its owner gave it."""
    first = execute(folder)
    (file,) = folder.glob("*.parquet")
    file.rename(folder / "mine.parquet")

    assert same(ob.load(folder).runs, first.results.runs)


@pytest.mark.parametrize("below", ["file/runs", "file"])
def test_an_unwritable_folder_is_named_before_anything_runs(tmp_path, monkeypatch, below):
    """A folder that can't be made raises a ValueError of one line that names it, before anything is
    computed.
    """
    (tmp_path / "file").write_text("a regular file")
    monkeypatch.setattr(
        running, "compute", lambda block: pytest.fail("computed before the folder was looked at")
    )

    with pytest.raises(ValueError, match=r"file.*can't be written") as caught:
        execute(tmp_path / below)

    assert "\n" not in str(caught.value)


# ----------------------------------------------------------------------------------------------
# readable by anything


def test_many_sessions_end_in_few_files(folder):
    """Forty sessions leave at most ten files, and every run in them once."""
    for seed in range(40):
        execute(folder, problems=["quadratic"], optimizers=["sgd"], seeds=[seed], steps=2)
    stored = pd.concat([pd.read_parquet(file) for file in folder.glob("*.parquet")])

    assert len(list(folder.iterdir())) <= 10
    assert sorted(zip(stored["lr"], stored["seed"], strict=True)) == [
        (lr, s) for lr in (0.01, 0.1) for s in range(40)
    ]


def test_a_session_ends_in_one_file(folder, part):
    """A session that flushed often leaves one file, and nothing beside it."""
    with Store(folder) as store:
        for row in range(len(part)):
            store.add(part.slice(row, 1))
            store.flush()

    assert [file.suffix for file in folder.iterdir()] == [".parquet"]


def test_any_reader_opens_the_file(folder):
    """Plain pandas reads the runs, with what was asked and what came of it in columns of these
    names.
    """
    runs = execute(folder).results.runs
    (file,) = folder.glob("*.parquet")
    keys = ["problem", "optimizer", "lr", "seed"]
    shared = [*keys, "schedule", "dtype", "settings", "status", "steps", "final_loss"]
    words = ["problem", "optimizer"]
    plain = pd.read_parquet(file)[shared].astype(dict.fromkeys(words, str)).sort_values(keys)

    assert (
        plain.astype(object).to_numpy().tolist() == runs[shared].astype(object).to_numpy().tolist()
    )


def test_names_are_stored_once(folder):
    """Names are dictionary-encoded in the Parquet file, and come back as dictionaries."""
    execute(folder)
    (file,) = folder.glob("*.parquet")
    opened = pq.ParquetFile(file)
    group = opened.metadata.row_group(0)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    for name in ("problem", "optimizer", "settings", "schedule", "dtype", "status", "error"):
        assert pa.types.is_dictionary(opened.schema_arrow.field(name).type), name
        assert "RLE_DICTIONARY" in columns[name].encodings, name

    assert len(opened.read(["problem"])["problem"].unique()) == 2


def test_large_sessions_have_several_row_groups(folder):
    """Many runs are stored in row groups of at most 4096, so that a reader needn't take all."""
    execute(
        folder,
        problems=["quadratic"],
        optimizers=["sgd"],
        lrs=np.geomspace(1e-4, 1e-1, 100),
        seeds=50,
        steps=2,
    )
    (file,) = folder.glob("*.parquet")
    metadata = pq.ParquetFile(file).metadata
    sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]

    assert sum(sizes) == 5000
    assert max(sizes) <= 4096
    assert len(sizes) == 2


# ---------------------------------------------------------------------------------------------- an
# edit of ours


@pytest.mark.slow
def test_an_edit_to_a_rule_of_ours_supersedes_its_runs_alone(tmp_path):
    """After an edit to kernels/update/sgd.py the command computes sgd's runs anew, says so, and
    finds momentum's.
    """
    root = Path(ob.__file__).parent
    for file in root.rglob("*.py"):
        inside = file.relative_to(root)
        if inside.parts[0] in ("kernels", "problems", "bench", "__init__.py"):
            (tmp_path / "optbench" / inside).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "optbench" / inside).write_text(file.read_text())
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "OPTBENCH_CACHE_DIR": str(tmp_path / "cache"),
    }
    words = [
        "run",
        "-p",
        "quadratic",
        "-o",
        "sgd,momentum",
        "--lr",
        "0.1,0.2",
        "--seeds",
        "2",
        "--steps",
        "20",
    ]
    code = (
        "import sys, optbench.bench.cli.main as cli; assert"
        " cli.__file__.startswith(sys.argv.pop(1)); cli.main()"
    )
    command = [sys.executable, "-c", code, str(tmp_path), *words, "--no-figures", "--quiet"]

    def said():
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )
        assert (done.stderr, done.returncode) == ("", 0)
        return " ".join(done.stdout.split())

    def stored():
        # ob.load would leave out what this process's own code, without the edit, wouldn't give
        return Results([read(tmp_path / "results/runs")]).runs

    first = said()
    before = stored()
    rule = tmp_path / "optbench/kernels/update/sgd.py"
    rule.write_text(rule.read_text().replace("x - lr * g", "x - 0.5 * lr * g"))
    second = said()
    after = stored()

    assert "8 runs computed" in first
    assert all(
        words in second for words in ("4 runs computed", "4 found", "4 stored ones superseded")
    )
    assert same(before[before["optimizer"] == "momentum"], after[after["optimizer"] == "momentum"])
    assert (row_of(before, optimizer="sgd", lr=0.1, seed=0)["final_loss"]) == pytest.approx(
        row_of(after, optimizer="sgd", lr=0.2, seed=0)["final_loss"]
    )


def test_what_there_is_is_said_of_the_problems_asked_for():
    """Where an optimizer has no runs on a problem, the line lists those that have, not all of the
    folder.
    """
    table = pa.table({"problem": ["p", "p", "q"], "optimizer": ["adam", "lion", "sgd"]})
    with pytest.raises(
        InputError, match=r"no stored runs of optimizer sgd; there are: adam, lion$"
    ):
        Choice(problems=["p"], optimizers=["sgd"]).rows(table)
