"""asv's JSON read, chained into an index, and drawn; `history run` asks nothing and says what it needs."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from git_repository import committed, git
from matplotlib.figure import Figure
from optbench.bench.history import commits, plot, record
from optbench.bench.history.run import introduce
from optbench.bench.plots.history import history_curves
from optbench.kernels.grammar import InputError

ROOT = Path(__file__).resolve().parents[1]
STEPS = "convergence.Convergence.track_steps_to_target"
TIME = "speed.Speed.track_step_time"


def stored(folder, commit, results, machine="vm", environment="virtualenv-py3.11"):
    """A file as asv 0.6.6 writes it: values in the order of the parameters' product, trailing nulls left away."""
    columns = ["result", "params", "version", "started_at", "duration", "stats_ci_99_a"]
    document = {
        "commit_hash": commit,
        "env_name": environment,
        "params": {"machine": machine},
        "result_columns": columns,
        "results": {
            name: [values, [[repr(word) for word in axis] for axis in axes], version]
            for name, (values, axes, version) in results.items()
        },
        "version": 2,
    }
    (folder / machine).mkdir(exist_ok=True)
    (folder / machine / "machine.json").write_text(json.dumps({"machine": machine, "version": 1}))
    (folder / machine / f"{commit[:8]}-{environment}.json").write_text(json.dumps(document))


@pytest.fixture
def history(tmp_path):
    """A repository of three commits with their values: Adam's steps double at the second, its times at the third."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "asv.conf.json").write_text('{\n    // a comment\n    "results_dir": "results/asv"\n}\n')
    names = []
    for subject in ("the first", "Adam forgets its bias", "a slower loop"):
        (tmp_path / "file").write_text(subject)
        names.append(committed(tmp_path, subject))
    folder = tmp_path / "results" / "asv"
    folder.mkdir(parents=True)
    known = {
        STEPS: {"version": "1", "param_names": ["problem", "optimizer", "lr"]},
        TIME: {"version": "2", "param_names": ["problem", "optimizer"]},
    }
    (folder / "benchmarks.json").write_text(json.dumps({**known, "version": 2}))
    rules = ["adam", "sgd"]
    for commit, steps, ns in zip(
        names, ([100, 50, 1000, 70], [200, 50, 2000, 70], [200, 50, 2000, 70]), (2.0, 2.0, 4.0), strict=True
    ):
        stored(
            folder,
            commit,
            {
                STEPS: ([float(value) for value in steps], [["quadratic", "xor"], rules, ["1.0e-03"]], "1"),
                TIME: ([ns, 1.0], [["quadratic"], rules], "2"),
            },
        )
    return tmp_path, names


def test_values_are_found_under_their_parameters(history):
    """Every value has its commit and its parameters' words, as asv lays them out."""
    root, names = history
    frame = record.read(root)
    own = frame[frame["benchmark"] == STEPS].set_index(["commit", "problem", "optimizer", "lr"])["value"]

    assert len(frame) == 3 * (4 + 2)
    assert own[names[0], "quadratic", "adam", "1.0e-03"] == 100
    assert own[names[0], "quadratic", "sgd", "1.0e-03"] == 50
    assert own[names[1], "xor", "adam", "1.0e-03"] == 2000


def test_values_of_another_version_and_missing_ones_are_left_out(history):
    """What was measured under another meaning, n/a and failures are no values; nor is a benchmark that failed whole."""
    root, names = history
    axes = [["quadratic"], ["adam", "sgd"]]
    folder = root / "results" / "asv"
    stored(folder, names[0], {TIME: ([1.0, 2.0], axes, "1")})
    stored(folder, names[1], {TIME: ([math.nan, None], axes, "2"), STEPS: (None, axes, "1")})
    frame = record.read(root)

    assert set(frame["commit"]) == {names[2]}


def test_benchmarks_of_another_kind_are_left_out(history):
    """A package's suite may have benchmarks of its own beside these, with parameters that are no literals."""
    root, names = history
    file = root / "results" / "asv" / "benchmarks.json"
    known = json.loads(file.read_text())
    other = {"other.track_tokens": {"version": "1", "param_names": ["model"]}}
    file.write_text(json.dumps({**known, **other}))
    axes = [["quadratic"], ["adam", "sgd"]]
    stored(root / "results" / "asv", names[0], {TIME: ([2.0, 1.0], axes, "2"), "other.track_tokens": ([3.0], [[len]], "1")})
    frame = record.read(root)

    assert set(frame["benchmark"]) == {STEPS, TIME}
    assert set(frame["commit"]) == set(names)


def test_an_index_multiplies_the_mean_ratios():
    """By hand: ratios 2 and 8 have the geometric mean 4; a problem that appears later moves nothing when it comes."""
    rows = [
        ("a", "quadratic", 1.0), ("a", "xor", 1.0),
        ("b", "quadratic", 2.0), ("b", "xor", 8.0), ("b", "beale", 1000.0),
        ("c", "quadratic", 1.0), ("c", "xor", 8.0), ("c", "beale", 1000.0 * 2**0.5),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["commit", "problem", "value"]).assign(optimizer="adam", lr="")
    index = record.chained(frame, ["z", "a", "b", "c"])

    assert list(index.index) == ["a", "b", "c"]
    assert index["adam"].tolist() == pytest.approx([1.0, 4.0, 4.0 * (0.5 * 1 * 2**0.5) ** (1 / 3)])


def test_a_change_across_a_commit_without_values_is_told():
    """Adam fails at b and is four times slower at c: c is where its line steps, and is named."""
    rows = [("a", "adam", 1.0), ("a", "sgd", 1.0), ("b", "sgd", 1.0), ("c", "adam", 4.0), ("c", "sgd", 1.0)]
    frame = pd.DataFrame(rows, columns=["commit", "optimizer", "value"]).assign(problem="xor", lr="")
    index = record.chained(frame, ["a", "b", "c"])

    assert index["adam"].tolist() == pytest.approx([1.0, math.nan, 4.0], nan_ok=True)
    assert plot.changes(index, 1.1) == {"c": "adam × 4.00"}


def test_commits_that_changed_an_optimizer_are_named(history):
    """Adam's steps changed at the second commit by 2, the times of both commits' loop at the third; SGD's never."""
    root, names = history
    frame, order = record.read(root), list(commits.subjects(root))
    steps = plot.changes(record.chained(frame[frame["benchmark"] == STEPS], order), 1.02)
    times = plot.changes(record.chained(frame[frame["benchmark"] == TIME].assign(lr=""), order), 1.1)

    assert order == names
    assert steps == {names[1]: "adam × 2.00"}
    assert times == {names[2]: "adam × 2.00"}


def test_one_line_an_optimizer():
    """A figure has a line for every optimizer, over all commits, and the letter of a marked one at its top."""
    index = pd.DataFrame({"adam": [1.0, 2.0], "sgd": [1.0, 1.0]}, index=["first", "second"])
    ax = history_curves(index, Figure().subplots(), {"second": "A"})
    lines = {line.get_label(): list(line.get_ydata()) for line in ax.get_lines() if not line.get_label().startswith("_")}

    assert lines == {"adam": [1.0, 2.0], "sgd": [1.0, 1.0]}
    assert [text.get_text() for text in ax.texts] == ["A"]


def command(folder, *words):
    start = [sys.executable, "-W", "error", "-c", "from optbench.bench.cli import main; main()", "history"]
    return subprocess.run([*start, *words], cwd=folder, capture_output=True, text=True)


def test_the_command_draws_the_figure(history):
    """`optbench history plot` writes a PNG and says what it shows; asked for what isn't there, it says what is."""
    root, _ = history
    done = command(root, "plot", "--out", "figure.png")
    wrong = command(root, "plot", "-o", "adamm")

    assert done.returncode == 0, done.stderr
    assert "3 commits on vm, 2 optimizers" in done.stdout
    assert (root / "figure.png").read_bytes().startswith(b"\x89PNG")
    assert wrong.returncode == 2
    assert "there are adam, sgd" in wrong.stderr


def test_the_figures_file_is_the_one_that_is_told(history):
    """A folder gets a history.png, a name without a suffix one; a suffix that is no format of figures is refused."""
    root, _ = history
    (root / "figures").mkdir()
    for out, file in (("figures", "figures/history.png"), ("mine", "mine.png"), ("mine.svg", "mine.svg")):
        assert command(root, "plot", "--out", out).stdout.startswith(f"{file}: ")
        assert (root / file).stat().st_size > 1000
    wrong = command(root, "plot", "--out", "history.csv")

    assert wrong.returncode == 2
    assert "'csv' is not supported" in wrong.stderr
    assert wrong.stderr.count("\n") == 1


def test_the_machine_with_most_commits_is_drawn(history):
    """Numbers of two machines are never mixed in one line."""
    root, names = history
    stored(root / "results" / "asv", names[0], {TIME: ([9.0, 9.0], [["quadratic"], ["adam", "sgd"]], "2")}, machine="other")

    assert "3 commits on vm, 2 optimizers; not drawn: 1 on other" in command(root, "plot", "--out", "figure.png").stdout
    assert "1 commits on other" in command(root, "plot", "--out", "figure.png", "--machine", "other").stdout


def test_where_nothing_was_measured_the_way_is_told(history):
    """No results and broken ones end in one line, which names the file."""
    root, names = history
    file = next((root / "results" / "asv" / "vm").glob(f"{names[0][:8]}-*.json"))
    known = json.loads(file.read_text())
    short = {**known, "results": {STEPS: [[1.0], [["'xor'"], ["'adam'", "'sgd'"], ["'1'"]], "1"]}}
    for text in ("{", "[1]", json.dumps({**known, "params": {}}), json.dumps(short)):
        file.write_text(text)
        with pytest.raises(InputError, match=f"vm/{file.name} isn't as asv writes it"):
            record.read(root)
    shutil.rmtree(root / "results")
    with pytest.raises(InputError, match="optbench history run"):
        record.read(root)


def test_this_repository_has_its_own_history():
    """The values in results/asv are of this suite, positive and finite, in at least ten of this repository's commits."""
    frame = record.read(ROOT)

    assert frame["commit"].nunique() >= 10
    assert {"adam", "sgd"} <= set(frame["optimizer"])
    assert frame["value"].between(1e-300, 1e300).all()


def test_a_fresh_machine_is_noted_without_a_question(tmp_path, monkeypatch):
    """asv's file of machines gets this one with its defaults, and keeps what it knows already."""
    pytest.importorskip("asv")
    monkeypatch.setenv("HOME", str(tmp_path))
    introduce("first")
    file = tmp_path / ".asv-machine.json"
    known = json.loads(file.read_text())
    known["first"]["cpu"] = "mine"
    file.write_text(json.dumps(known))
    introduce("first")
    introduce("second")
    found = json.loads(file.read_text())

    assert found["first"]["cpu"] == "mine"
    assert found["second"]["num_cpu"] == str(os.cpu_count())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["HEAD", "--here"], "one of them"),
        (["."], "measured with --here"),
        (["no_such_commit"], "no commit"),
        (["--since", "HEAD"], "no commit"),
    ],
)
def test_words_that_mean_nothing_are_told(history, words, told):
    """Two ways at once, an unknown commit and a tag with nothing after it: status 2, and nothing is measured."""
    pytest.importorskip("asv")
    root, _ = history
    done = command(root, "run", *words)

    assert done.returncode == 2
    assert told in done.stderr
