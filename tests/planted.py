"""A throw-away repository with this tree as its commit, in which tests plant faults and run the
regression check.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from git_repository import committed, git

ROOT = Path(__file__).resolve().parents[1]


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


def command(folder, *arguments, **variables):
    """`optbench history check` with these arguments, in `folder`."""
    start = [
        sys.executable,
        "-c",
        "from optbench.bench.cli.main import main; main()",
        "history",
        "check",
        *arguments,
    ]
    # errors="replace": an output in ASCII is read as any other
    return subprocess.run(
        start,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        errors="replace",
    )


@pytest.fixture
def check(repository, tmp_path):
    """Run `optbench history check main .` after edits of the tree -> (exit status, output, what
    --json wrote).

    Edits are undone after it.
    """

    def _check(edits, *options, accept=None, **variables):
        for file, before, after in edits:
            text = (repository / file).read_text()
            assert text.count(before) == 1, (file, before)
            (repository / file).write_text(text.replace(before, after))
        if accept is not None:
            (repository / "accepted.toml").write_text(accept)
        file = tmp_path / "report.json"
        done = command(repository, "main", ".", "--json", str(file), *options, **variables)
        report = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return done.returncode, done.stdout + done.stderr, report

    yield _check
    git(repository, "reset", "-q", "--hard")
    git(repository, "clean", "-q", "-fd")
