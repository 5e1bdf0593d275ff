"""`optbench history run` asks nothing, says what it needs, and files numbers where the figure
looks.
"""

import json
import os

import pytest
from asv_history import listed
from git_repository import committed, git
from history_command import history
from optbench.bench.history import machine
from optbench.kernels.grammar import InputError


@pytest.fixture
def root(tmp_path):
    """A repository of one commit with an asv.conf.json."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "asv.conf.json").write_text(
        '{"version": 1, "project": "mine", "repo": ".", "results_dir": "results/asv"}'
    )
    committed(tmp_path)
    return tmp_path


def test_a_fresh_machine_is_noted_without_a_question(tmp_path, monkeypatch):
    """asv's file of machines gets this one with its defaults, and keeps what it knows already."""
    pytest.importorskip("asv")
    monkeypatch.setenv("HOME", str(tmp_path))
    machine.register("first")
    file = tmp_path / ".asv-machine.json"
    known = json.loads(file.read_text())
    known["first"]["cpu"] = "mine"
    file.write_text(json.dumps(known))
    machine.register("first")
    machine.register("second")
    found = json.loads(file.read_text())

    assert found["first"]["cpu"] == "mine"
    assert found["second"]["num_cpu"] == str(os.cpu_count())


@pytest.mark.parametrize(
    "name",
    ["a/b", "a\\b", ".", "..", "/tmp", "-x", "a\nb", " a", "é" * 120, "version", "benchmarks.json"],
)
def test_a_name_that_is_no_folders_is_refused(tmp_path, name):
    """Numbers filed elsewhere than one folder below the results would never be found again."""
    listed(tmp_path)
    with pytest.raises(InputError, match="can't be that of a folder of results"):
        machine.check_name(name, tmp_path)


@pytest.mark.parametrize("name", ["vm", "zen4-2-cores", "Ana's laptop", "büro_3.local"])
def test_a_name_that_is_a_folders_is_taken(tmp_path, name):
    """What a folder can be called, a machine can."""
    (tmp_path / name).mkdir()

    assert machine.check_name(name, tmp_path) is None


@pytest.mark.parametrize(
    ("options", "label"),
    [
        (["HEAD", "--here"], "one of them"),
        (["."], "measured with --here"),
        (["no_such_commit"], "no commit"),
        (["--since", "HEAD"], "no commit"),
        (["--machine", "a/b"], "'a/b' can't be that of a folder of results: it holds a slash"),
        (["--machine", ""], "give one with --machine"),
    ],
)
def test_options_that_mean_nothing_are_refused(root, options, label):
    """Two ways at once, an unknown commit, a tag with nothing after it, a name that is no folder's:
    status 2, one line.
    """
    pytest.importorskip("asv")
    done = history(root, "run", *options, HOME=str(root), PYTHONWARNINGS="error")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert label in done.stderr
    assert not (root / ".asv-machine.json").exists()
