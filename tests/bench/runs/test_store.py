"""Runs on disk: nothing is computed twice, broken files are named, and anything can read them."""

import numpy as np
import optbench as ob
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from optbench.bench.runs import run as running
from optbench.bench.runs.selection import Choice
from optbench.bench.runs.store import Store
from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan
from optbench.kernels.grammar import InputError
from stored_sweep import ASKED, execute, same


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


def test_what_there_is_is_said_of_the_problems_asked_for():
    """Where an optimizer has no runs on a problem, the line lists those that have, not all of the
    folder.
    """
    table = pa.table({"problem": ["p", "p", "q"], "optimizer": ["adam", "lion", "sgd"]})
    with pytest.raises(
        InputError, match=r"no stored runs of optimizer sgd; there are: adam, lion$"
    ):
        Choice(problems=["p"], optimizers=["sgd"]).rows(table)
