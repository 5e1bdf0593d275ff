"""asv's JSON read: values under their parameters, and what can't be read left out with a line."""

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from asv_history import KNOWN, STEPS, TIME, listed, stored
from optbench.bench.history import asv_results
from optbench.kernels.grammar import InputError

ROOT = Path(__file__).resolve().parents[3]
RULES = ["adam", "sgd"]


def read(folder):
    """The frame, and what is said of what it lacks."""
    lines = []
    return asv_results.read(folder.parents[1], lines.append), lines


def test_values_are_found_under_their_parameters(folder):
    """Every value has its commit, its parameters as asv lays them out, and the interval of
    its samples.
    """
    stored(
        folder,
        "c" * 40,
        {STEPS: ([1.0, 2.0, 3.0, 4.0], [["quadratic", "xor"], RULES, ["1.0e-03"]], "1")},
    )
    frame, lines = read(folder)
    own = frame[frame["commit"] == "c" * 40].set_index(["problem", "optimizer", "lr"])["value"]
    times = frame[frame["benchmark"] == TIME].set_index("optimizer")

    assert lines == []
    assert own["quadratic", "sgd", "1.0e-03"] == 2
    assert own["xor", "adam", "1.0e-03"] == 3
    assert times.loc["adam", ["value", "low", "high"]].tolist() == pytest.approx([2.0, 1.8, 2.2])
    assert frame[frame["benchmark"] == STEPS]["low"].isna().all()


def test_values_of_another_version_and_missing_ones_are_left_out(folder):
    """What was measured under another meaning, n/a and failures are no values; nor is a benchmark
    that failed whole.
    """
    axes = [["xor"], RULES]
    stored(folder, "a" * 40, {TIME: ([1.0, 2.0], axes, "1")})
    stored(folder, "b" * 40, {TIME: ([math.nan, None], axes, "2"), STEPS: (None, axes, "1")})
    stored(
        folder,
        "c" * 40,
        {
            TIME: ([math.inf, "2.0"], axes, "2"),
            STEPS: ([True, 10**400], [["xor"], RULES, ["1"]], "1"),
        },
    )
    frame, lines = read(folder)

    assert frame["commit"].nunique() == 1
    assert lines == []


def test_benchmarks_of_another_kind_are_left_out(folder):
    """A package's suite may have benchmarks of its own beside these, with parameters that are no
    literals.
    """
    listed(
        folder,
        {
            **KNOWN,
            "other.track_tokens": {"version": "1", "param_names": ["model"]},
            "strange": {"type": "track"},
        },
    )
    stored(
        folder,
        "c" * 40,
        {"other.track_tokens": ([3.0], [[len]], "1"), "gone.track": ([3.0], [[len]], "1")},
    )
    frame, lines = read(folder)

    assert set(frame["benchmark"]) == {STEPS, TIME}
    assert lines == []


def test_parameters_needn_t_be_texts(folder):
    """NumPy's numbers, plain ones, functions and classes: a number by its digits, what is no
    literal by its repr.
    """
    rates = [np.float64(0.001), 1e-05, np.str_("1.0e+00"), 3]
    stored(folder, "c" * 40, {STEPS: ([1.0, 2.0, 3.0, 4.0], [["xor"], ["adam"], rates], "1")})
    stored(folder, "d" * 40, {TIME: ([1.0, 2.0, 3.0], [["xor"], [dict, len, "f("]], "2")})
    frame, lines = read(folder)
    own = frame[frame["commit"] == "c" * 40]

    assert lines == []
    assert dict(zip(own["lr"], own["value"], strict=True)) == {
        "0.001": 1.0,
        "1e-05": 2.0,
        "1.0e+00": 3.0,
        "3": 4.0,
    }
    assert frame[frame["commit"] == "d" * 40]["optimizer"].tolist() == [
        "<class 'dict'>",
        "<built-in function len>",
        "f(",
    ]


def damaged(document):
    """What may stand in a file of results: whatever people and programs leave there."""
    short = {
        **document,
        "results": {STEPS: [[1.0], [["'xor'"], ["'adam'", "'sgd'"], ["'1'"]], "1"]},
    }
    texts = ["", "{", "[1]", "null", "[" * 100_000, "\udcff".encode("utf-8", "surrogateescape")]
    for key in ("env_name", "commit_hash", "result_columns", "results"):
        texts.append(json.dumps({name: value for name, value in document.items() if name != key}))
    for wrong in (
        {"results": [1]},
        {"results": {STEPS: 1.0}},
        {"results": {STEPS: [[1.0], 3, "1"]}},
        {"result_columns": None},
    ):
        texts.append(json.dumps({**document, **wrong}))
    return [*texts, json.dumps(short)]


def test_a_damaged_file_is_left_out_with_a_line(folder):
    """Whatever it holds, it is named once, nobody is asked to delete it, and the other files are
    read.
    """
    (good,) = folder.glob("vm/*-*.json")
    document = json.loads(good.read_text())
    other = folder / "vm" / "dddddddd-virtualenv-py3.11.json"
    for text in damaged({**document, "commit_hash": "d" * 40}):
        other.write_bytes(text if isinstance(text, bytes) else text.encode())
        frame, lines = read(folder)

        assert set(frame["commit"]) == {document["commit_hash"]}, text
        assert len(lines) == 1, text
        assert lines[0].startswith(f"vm/{other.name}"), text
        assert "isn't as asv writes it, and is left out" in lines[0]
        assert "remove" not in lines[0]


def test_a_folder_and_an_old_format_are_left_out_too(folder):
    """A folder with a file's name can't be read; asv's format 1 has a command of asv's that
    rewrites it.
    """
    (folder / "vm" / "eeeeeeee-x.json").mkdir()
    old = stored(folder, "d" * 40, {TIME: ([1.0, 2.0], [["xor"], RULES], "2")})
    old.write_text(json.dumps({**json.loads(old.read_text()), "version": 1}))
    _, lines = read(folder)

    assert [line.split(" ", 1)[0] for line in lines] == [f"vm/{old.name}", "vm/eeeeeeee-x.json"]
    assert "asv update" in lines[0]


def test_a_damaged_benchmark_leaves_the_others_of_its_file(folder):
    """One entry that isn't as asv writes it costs its own values alone."""
    file = stored(folder, "c" * 40, {TIME: ([5.0, 6.0], [["xor"], RULES], "2")})
    document = json.loads(file.read_text())
    document["results"][STEPS] = [[1.0], [["'xor'"]], "1"]
    file.write_text(json.dumps(document))
    frame, (line,) = read(folder)

    assert frame[frame["commit"] == "c" * 40]["value"].tolist() == [5.0, 6.0]
    assert STEPS in line


def test_damaged_names_of_parameters_cost_their_benchmark_alone(folder):
    """Names that are no texts in asv's list leave out the values of that benchmark, with a line."""
    file = folder / "benchmarks.json"
    document = json.loads(file.read_text())
    document[STEPS]["param_names"] = [["problem"]]
    file.write_text(json.dumps(document))
    frame, lines = read(folder)

    assert set(frame["benchmark"]) == {TIME}
    assert any(STEPS in line for line in lines)


def test_where_nothing_was_measured_the_way_is_said(folder):
    """No results end in a line that says how to measure; nothing but damaged ones in a line that
    names one.
    """
    (good,) = folder.glob("vm/*-*.json")
    good.write_text("{")
    with pytest.raises(InputError, match=f"vm/{good.name} isn't as asv writes it"):
        read(folder)
    shutil.rmtree(folder)
    with pytest.raises(InputError, match="optbench history run"):
        read(folder)


def test_this_repository_has_its_own_history():
    """The values in results/asv are of this suite, positive and finite, in at least ten of this
    repository's commits.
    """
    pytest.importorskip("asv")
    frame = asv_results.read(ROOT)

    assert frame["commit"].nunique() >= 10
    assert {"adam", "sgd"} <= set(frame["optimizer"])
    assert frame["value"].between(1e-300, 1e300).all()
    assert set(frame["benchmark"]) >= {STEPS, TIME}
