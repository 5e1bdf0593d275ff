"""asv's list of benchmarks: made of the suite where there is none or an old one, save where Git has
it.
"""

import json
import os
import time

import pytest
from asv_history import STEPS, TIME, stored
from git_repository import committed, git
from optbench.bench.history import asv_results
from optbench.kernels.grammar import InputError

SUITE = """
class Speed:
    params, param_names, version = (("xor",), ("adam",)), ("problem", "optimizer"), "2"

    def track_step_time(self, problem, optimizer):
        return 1.0
"""


def read(folder):
    """The frame, and what is said of what it lacks."""
    lines = []
    return asv_results.read(folder.parents[1], lines.append), lines


def suite(root):
    (root / "benchmarks").mkdir()
    (root / "benchmarks" / "__init__.py").write_text(SUITE)


def test_asvs_list_is_made_of_the_suite_where_it_lacks(folder):
    """benchmarks.json needn't be in Git: it is written as asv writes it, and no machine's folder
    beside it.
    """
    pytest.importorskip("asv")
    suite(folder.parents[1])
    (folder / "benchmarks.json").unlink()
    commit = json.loads(next(folder.glob("vm/*-*.json")).read_text())["commit_hash"]
    stored(folder, commit, {"Speed.track_step_time": ([7.0], [["xor"], ["adam"]], "2")})
    frame, lines = read(folder)

    assert (frame["value"].tolist(), lines) == ([7.0], [])
    assert json.loads((folder / "benchmarks.json").read_text())["Speed.track_step_time"][
        "param_names"
    ] == [
        "problem",
        "optimizer",
    ]
    assert sorted(file.name for file in folder.iterdir()) == ["benchmarks.json", "vm"]


def test_asvs_list_follows_the_suite_unless_git_has_it(folder):
    """Older than the suite it is made anew; one that the repository keeps is never written."""
    pytest.importorskip("asv")
    root, file = folder.parents[1], folder / "benchmarks.json"
    before = file.read_text()
    suite(root)
    committed(root, "a list that is kept")
    os.utime(file, (time.time() - 100,) * 2)
    frame, _ = read(folder)

    assert (set(frame["benchmark"]), file.read_text()) == ({STEPS, TIME}, before)
    git(root, "rm", "-q", "--cached", "results/asv/benchmarks.json")
    with pytest.raises(InputError, match="no file in results/asv/ has a value"):
        read(folder)
    assert list(json.loads(file.read_text())) == ["Speed.track_step_time", "version"]


def test_a_suite_that_cannot_be_listed_leaves_the_old_list(folder):
    """It serves, and a line says so; where there is none, the reason is given."""
    pytest.importorskip("asv")
    root, file = folder.parents[1], folder / "benchmarks.json"
    suite(root)
    (root / "benchmarks" / "__init__.py").write_text("import no_such_module\n")
    os.utime(file, (time.time() - 100,) * 2)
    frame, (line,) = read(folder)

    assert set(frame["benchmark"]) == {STEPS, TIME}
    assert "the old benchmarks.json serves" in line
    file.unlink()
    with pytest.raises(InputError, match="can't be listed, and there is no"):
        read(folder)
