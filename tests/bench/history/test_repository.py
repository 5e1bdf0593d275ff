"""What is compared: what revisions mean, where two histories part, and the files of commits."""

import re

import pytest
from git_repository import committed, git
from history_command import history
from optbench.bench.history import repository
from optbench.kernels.grammar import InputError


@pytest.fixture
def forked(tmp_path):
    """A repository whose main has moved on by two commits since the branch `rule` left it with one;
    the branch is current.
    """
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "asv.conf.json").write_text("{}")
    names = {"root": committed(tmp_path, "the first  of all")}
    git(tmp_path, "checkout", "-q", "-b", "rule")
    (tmp_path / "rule.py").write_text("x = 1")
    names["rule"] = committed(tmp_path, "a rule")
    git(tmp_path, "checkout", "-q", "main")
    committed(tmp_path, "elsewhere")
    names["main"] = committed(tmp_path, "more")
    git(tmp_path, "checkout", "-q", "rule")
    return tmp_path, names


def test_where_two_histories_part(forked):
    """Three dots mean the last commit that both have, as in Git; what BASE has beyond it is
    counted.
    """
    root, names = forked
    base, head = repository.found(root, "main"), repository.found(root, "rule")

    assert repository.parting(root, base, head).name == names["root"]
    assert repository.parting(root, base, repository.found(root, ".")).name == names["root"]
    assert (repository.ahead(root, base, head), repository.ahead(root, head, base)) == (2, 1)
    assert repository.ahead(root, repository.found(root, names["root"]), head) == 0


def test_histories_without_a_common_commit_are_an_error(forked):
    """Such two have no place where they part."""
    root, _ = forked
    git(root, "checkout", "-q", "--orphan", "other")
    committed(root, "alone")

    with pytest.raises(InputError, match="no commit in common"):
        repository.parting(root, repository.found(root, "main"), repository.found(root, "other"))


def test_the_same_files_are_noticed(forked):
    """Of two commits, and of the tree and a commit; a file that is new in the tree, or changed, is
    a difference.
    """
    root, names = forked
    base, rule, tree = (
        repository.found(root, revision) for revision in (names["root"], "rule", ".")
    )
    again = repository.found(root, committed(root, "nothing new"))

    assert repository.same_files(root, rule, again)
    assert repository.same_files(root, rule, tree)
    assert not repository.same_files(root, base, rule)
    assert not repository.same_files(root, base, tree)
    (root / "new.py").write_text("")
    assert not repository.same_files(root, rule, tree)
    (root / "new.py").unlink()
    (root / "rule.py").write_text("x = 2")
    assert not repository.same_files(root, rule, tree)


def test_a_branch_that_was_not_fetched_is_named_with_what_fetches_it(forked, tmp_path_factory):
    """A CI's clone has one branch and one commit: the line to type is in the message, and typing it
    helps.
    """
    root, _ = forked
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth", "1", "--branch", "rule", f"file://{root}", ".")
    line = "git fetch origin main:refs/remotes/origin/main"
    with pytest.raises(
        InputError, match=f"'origin/main' is no commit .* git fetch --unshallow, then {line}"
    ):
        repository.found(clone, "origin/main")
    git(clone, "fetch", "-q", "--unshallow")
    with pytest.raises(InputError, match=f"it may not be fetched yet: {line}"):
        repository.found(clone, "origin/main")
    git(clone, *line.split()[1:])

    assert repository.found(clone, "origin/main").label.startswith("origin/main (")
    with pytest.raises(InputError, match="do you mean origin/main"):
        repository.found(clone, "main")


def test_subjects_are_of_the_branch_oldest_first(forked):
    """Each as it was written."""
    root, names = forked

    assert repository.subjects(root) == {
        names["root"]: "the first  of all",
        names["rule"]: "a rule",
    }
    assert list(repository.subjects(root)) == [names["root"], names["rule"]]


def test_files_are_the_commits_own(forked, tmp_path_factory):
    """A commit's files, whatever the tree has; the tree's with what is new and not ignored. The
    index isn't touched.
    """
    root, names = forked
    (root / "rule.py").write_text("x = 2")
    (root / "new.py").write_text("y = 1")
    (root / "link.py").symlink_to("new.py")
    (root / "left.out").write_text("")
    (root / ".gitignore").write_text("*.out")
    git(root, "add", "rule.py")
    before = git(root, "status", "--porcelain")
    place = tmp_path_factory.mktemp("files")
    found = {
        name: repository.files_of(root, repository.found(root, name), place / f"place-{number}")
        for number, name in enumerate((names["root"], names["rule"], "."))
    }
    files = {
        name: {file.name: file.read_text() for file in folder.iterdir()}
        for name, folder in found.items()
    }

    assert files[names["root"]] == {"asv.conf.json": "{}"}
    assert files[names["rule"]] == {"asv.conf.json": "{}", "rule.py": "x = 1"}
    assert files["."] == {
        "asv.conf.json": "{}",
        "rule.py": "x = 2",
        "new.py": "y = 1",
        "link.py": "y = 1",
        ".gitignore": "*.out",
    }
    assert (found["."] / "link.py").is_symlink()
    assert git(root, "status", "--porcelain") == before


SUITE = """
class Convergence:
    params = (("xor",), ("adam",), ("1.0e-02",))
    param_names = ("problem", "optimizer", "lr")
"""


@pytest.mark.parametrize(
    ("options", "status", "reason"),
    [
        (["main...rule", "HEAD"], 2, "both 'rule' and 'HEAD' stand for HEAD"),
        (["main...", "."], 2, "benchmarks/, which has no __init__.py"),
        (["..."], 2, "'' is no commit"),
    ],
)
def test_wrong_commits_end_in_a_line(forked, options, status, reason):
    """Status 2, and what is wrong with them."""
    done = history(forked[0], "check", *options)

    assert (done.returncode, done.stderr.count("\n")) == (status, 1), done.stderr
    assert reason in done.stderr


@pytest.mark.slow
def test_a_commit_that_cannot_be_built_has_a_status_of_its_own(forked):
    """Whoever asks whether a curve moved learns that nothing was compared: status 3, with pip's
    reason.
    """
    root, _ = forked
    (root / "benchmarks").mkdir()
    (root / "benchmarks" / "__init__.py").write_text(SUITE)
    (root / "pyproject.toml").write_text(
        '[project]\nname = "mine"\nversion = "1"\n[tool.setuptools]\npy-modules = ["rule"]'
    )
    committed(root, "a suite, and a package")
    (root / "pyproject.toml").write_text("[build-system")
    committed(root, "a pyproject.toml that is none")
    done = history(root, "check", "HEAD~1")

    assert done.returncode == 3, done.stderr
    assert re.search(
        r"optbench: HEAD \(\w{8}\) can't be installed: .*TOMLDecodeError", done.stderr
    ), done.stderr
    assert "Traceback" not in done.stderr
