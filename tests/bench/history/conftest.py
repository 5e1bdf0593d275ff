"""What tests of the history share: a throw-away repository with this tree as its commit, in which
faults are planted, the regression check of it, and what checks install and compile.
"""

import json
import shutil
from pathlib import Path

import pytest
from asv_history import STEPS, TIME, listed, stored
from drawn_history import RULES
from drawn_history import repository as with_results
from git_repository import committed, git
from history_command import history

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """A folder for what the checks of all tests install and compile."""
    base = tmp_path_factory.getbasetemp()
    # with several workers each has a folder of its own inside the session's
    session = base.parent if base.name.startswith("popen-") else base
    (session / "kept").mkdir(exist_ok=True)
    return session / "kept"


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository of its own with this tree as its only commit."""
    folder = tmp_path_factory.mktemp("repository")
    for name in git(ROOT, "ls-files", "-z", "-co", "--exclude-standard").split("\0"):
        if (
            name
            and not name.startswith(("tests/", "docs/", "results/"))
            and (ROOT / name).is_file()
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "-q", "-b", "main")
    committed(folder)
    return folder


@pytest.fixture
def check(repository, kept, tmp_path):
    """Run `optbench history check main .` after edits of the tree -> (exit status, output, what
    --json wrote).

    edits : (file, text before, text after) each; undone after the test.  accept : the text of
    accepted.toml.  before : code that the command's process runs first.
    """

    def _check(edits, *options, accept=None, before="", **variables):
        for file, old, new in edits:
            text = (repository / file).read_text()
            assert text.count(old) == 1, (file, old)
            (repository / file).write_text(text.replace(old, new))
        if accept is not None:
            (repository / "accepted.toml").write_text(accept)
        file = tmp_path / "report.json"
        arguments = ["check", "main", ".", "--json", str(file), *options]
        done = history(repository, *arguments, kept=kept, before=before, **variables)
        report = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return done.returncode, done.stdout + done.stderr, report

    yield _check
    git(repository, "reset", "-q", "--hard")
    git(repository, "clean", "-q", "-fd")


@pytest.fixture
def drawn(tmp_path):
    """A repository of three commits with their values: Adam's steps double at the second, its times
    at the third.
    """
    folder, names = with_results(tmp_path), []
    for subject in ("the first", "Adam forgets its bias", "a slower loop"):
        (tmp_path / "file").write_text(subject)
        names.append(committed(tmp_path, subject))
    for commit, own, ns in zip(
        names,
        ([100, 50, 1000, 70], [200, 50, 2000, 70], [200, 50, 2000, 70]),
        (2, 2, 4),
        strict=True,
    ):
        results = {
            STEPS: (
                [float(value) for value in own],
                [["quadratic", "xor"], RULES, ["1.0e-03"]],
                "1",
            ),
            TIME: ([float(ns), 1.0], [["quadratic"], RULES], "2", 0.05),
        }
        stored(folder, commit, results)
    return tmp_path, names


@pytest.fixture
def folder(tmp_path):
    """The folder of results of a repository with one commit, two values of steps and two of
    times.
    """
    git(tmp_path, "init", "-q", "-b", "main")
    settings = (
        '{\n    // a comment\n    "version": 1, "project": "mine", "repo": ".", "results_dir":'
        ' "results/asv"\n}\n'
    )
    (tmp_path / "asv.conf.json").write_text(settings)
    commit = committed(tmp_path)
    results = tmp_path / "results" / "asv"
    listed(results)
    stored(
        results,
        commit,
        {
            STEPS: ([100.0, 50.0], [["xor"], ["adam", "sgd"], ["1.0e-03"]], "1"),
            TIME: ([2.0, 1.0], [["xor"], ["adam", "sgd"]], "2", 0.1),
        },
    )
    return results
