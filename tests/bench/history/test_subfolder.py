"""A package in a subfolder of a repository: asv.conf.json is beside it, and its history is that of
its own files.
"""

import json
import re
import shutil
from pathlib import Path

import pytest
from git_repository import committed, git
from history_command import history
from optbench.bench.history import asv_results, repository
from optbench.kernels.grammar import InputError

ROOT = Path(__file__).resolve().parents[3]
RULE = "src/optbench_example/diffgrad.py"


@pytest.fixture
def package(tmp_path):
    """packages/mine in a repository of several packages; its first commit hasn't got it."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "other.py").write_text("y = 1")
    committed(tmp_path, "the others")
    folder = tmp_path / "packages" / "mine"
    folder.mkdir(parents=True)
    (folder / "asv.conf.json").write_text("{}")
    (folder / "rule.py").write_text("x = 1")
    committed(tmp_path, "mine")
    (folder / "rule.py").write_text("x = 2")
    return folder


def test_files_are_the_packages_own(package, tmp_path_factory):
    """A commit's and the working tree's, as if the folder stood alone; the index isn't touched."""
    place, before = tmp_path_factory.mktemp("files"), git(package, "status", "--porcelain")
    found = {
        name: repository.files_of(package, repository.found(package, name), place / number)
        for name, number in (("HEAD", "one"), (".", "two"))
    }
    files = {
        name: {file.name: file.read_text() for file in folder.iterdir()}
        for name, folder in found.items()
    }

    assert files == {
        "HEAD": {"asv.conf.json": "{}", "rule.py": "x = 1"},
        ".": {"asv.conf.json": "{}", "rule.py": "x = 2"},
    }
    assert git(package, "status", "--porcelain") == before


def test_a_commit_without_the_folder_is_refused(package, tmp_path_factory):
    """It is from before the package: there is nothing to compare."""
    first = repository.found(package, "HEAD~1")
    with pytest.raises(InputError, match="has no folder packages/mine/"):
        repository.files_of(package, first, tmp_path_factory.mktemp("files") / "one")


def test_texts_and_changes_are_the_packages_own(package):
    """accepted.toml and the like are read beside asv.conf.json, at a commit as in the tree;
    elsewhere nothing differs.
    """
    head, tree = repository.found(package, "HEAD"), repository.found(package, ".")

    assert (
        repository.text_of(package, head, "rule.py"),
        repository.text_of(package, tree, "rule.py"),
    ) == ("x = 1", "x = 2")
    assert repository.text_of(package, head, "other.py") == ""
    assert repository.differing(package, {}).endswith("rule.py")
    (package / "rule.py").write_text("x = 1")
    (package.parents[1] / "other.py").write_text("y = 2")
    assert repository.differing(package, {}) == ""


def test_the_nearest_configuration_counts(package):
    """From the current folder upwards, and not beyond the repository."""
    (package / "src").mkdir()
    (package.parents[1] / "asv.conf.json").write_text("{}")

    assert repository.repository(package / "src") == package
    assert repository.repository(package.parent) == package.parents[1]
    (package.parents[1] / "asv.conf.json").unlink()
    (package.parents[2] / "asv.conf.json").write_text("{}")
    with pytest.raises(InputError, match=r"there is no asv\.conf\.json"):
        repository.repository(package.parent)


@pytest.mark.slow
def test_the_example_package_is_followed_in_a_subfolder(kept, tmp_path):
    """A digit changed in diffGrad moves its cases alone, and asv measures the package, as in a
    repository of its own.
    """
    top = tmp_path / "several"
    package = top / "packages" / "mine"
    shutil.copytree(
        ROOT / "examples" / "plugin",
        package,
        ignore=shutil.ignore_patterns("*.egg-info", "__pycache__", "build"),
    )
    settings = (package / "asv.conf.json").read_text()
    (package / "asv.conf.json").write_text(
        settings.replace('"repo": "."', '"repo": "../..", "repo_subdir": "packages/mine"')
    )
    git(top, "init", "-q")
    committed(top, "diffGrad and Leon's valley, in a subfolder")
    home = {"HOME": str(tmp_path), "COLUMNS": "200"}
    measured = history(package, "run", "--here", "--machine", "here", kept=kept, **home)
    assert measured.returncode == 0, measured.stdout + measured.stderr

    rule = package / RULE
    rule.write_text(rule.read_text().replace("beta2=0.999", "beta2=0.9991"))
    arguments = ["check", "HEAD", ".", "--no-times", "-p", "leon"]
    done = history(package / "src", *arguments, kept=kept, **home)

    assert set(asv_results.read(package)["optimizer"]) >= {"adam", "diffgrad"}
    assert done.returncode == 1, done.stdout + done.stderr
    assert "diffgrad" in done.stdout
    assert not re.search(r"^ *leon +adam\b", done.stdout, re.MULTILINE)
    assert json.loads((package / "results" / "asv" / "benchmarks.json").read_text())
