"""What is compared: the files of two commits, where they part, and the cells that either's suite tracks."""

import re
import subprocess
import sys

import pytest
from git_repository import committed, git
from optbench.bench.history import cells, commits
from optbench.kernels.grammar import InputError


@pytest.fixture
def forked(tmp_path):
    """A repository whose main has moved on by two commits since the branch `rule` left it with one; the branch is current."""
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
    """Three dots mean the last commit that both have, as in Git; what BASE has beyond it is counted."""
    root, names = forked
    base, head = commits.found(root, "main"), commits.found(root, "rule")

    assert commits.parting(root, base, head).name == names["root"]
    assert commits.parting(root, base, commits.found(root, ".")).name == names["root"]
    assert (commits.ahead(root, base, head), commits.ahead(root, head, base)) == (2, 1)
    assert commits.ahead(root, commits.found(root, names["root"]), head) == 0


def test_histories_without_a_common_commit_are_told(forked):
    """Such two have no place where they part."""
    root, _ = forked
    git(root, "checkout", "-q", "--orphan", "other")
    committed(root, "alone")

    with pytest.raises(InputError, match="no commit in common"):
        commits.parting(root, commits.found(root, "main"), commits.found(root, "other"))


def test_subjects_are_of_the_branch_oldest_first(forked):
    """Each as it was written."""
    root, names = forked

    assert commits.subjects(root) == {names["root"]: "the first  of all", names["rule"]: "a rule"}
    assert list(commits.subjects(root)) == [names["root"], names["rule"]]


def test_files_are_the_commits_own(forked, tmp_path_factory):
    """A commit's files, whatever the tree has; the tree's with what is new and not ignored. The index isn't touched."""
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
        name: commits.files_of(root, commits.found(root, name), place / f"place-{number}")
        for number, name in enumerate((names["root"], names["rule"], "."))
    }
    files = {name: {file.name: file.read_text() for file in folder.iterdir()} for name, folder in found.items()}

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


RULES = """
from elsewhere import Convergence as Other

class Convergence:
    params = ({problems}, {optimizers}, ("1.0e-02",))
    param_names = ("problem", "optimizer", "lr")

class Speed:
    params = ({timed}, {optimizers})
    param_names = ("problem", "optimizer")
"""
ELSEWHERE = """
class Convergence:
    params = (("imported",), ("imported",), ("9",))
    param_names = ("problem", "optimizer", "lr")
"""


def suite(folder, problems, optimizers, timed=("xor",), rules=RULES):
    """A commit's files: a suite `rules` in benchmarks/, and a configuration with comments as asv allows them."""
    package = folder / "benchmarks"
    package.mkdir(parents=True)
    (folder / "asv.conf.json").write_text('{"repo": ".", // the place\n "project": "p", /* its name */}')
    (package / "__init__.py").write_text("")
    (folder / "elsewhere.py").write_text(ELSEWHERE)
    (package / "rules.py").write_text(rules.format(problems=problems, optimizers=optimizers, timed=timed))
    return folder


def test_a_suite_is_read_as_asv_reads_it(tmp_path):
    """Classes in the suite's root and in packages within it are tracked, too."""
    head = suite(tmp_path / "head", ("xor",), ("adam",))
    inner = head / "benchmarks" / "inner"
    inner.mkdir()
    (inner / "__init__.py").write_text("")
    (inner / "more.py").write_text(RULES.format(problems=("beale",), optimizers=("lion",), timed=("beale",)))
    (head / "benchmarks" / "__init__.py").write_text(RULES.format(problems=("mlp",), optimizers=("sgd",), timed=("mlp",)))
    problems, optimizers, _ = cells.suite_of(head)[0]

    assert set(problems) == {"xor", "beale", "mlp"}
    assert set(optimizers) == {"adam", "lion", "sgd"}


def test_what_either_commit_tracks_is_judged(tmp_path):
    """An optimizer that HEAD removed with its name is looked for; what a module only imports tracks nothing of its own."""
    base = suite(tmp_path / "base", ("xor",), ("adam", "lion"), ("xor",))
    head = suite(tmp_path / "head", ("xor", "beale"), ("adam", "new"), ("digits",))
    found = cells.tracked(base, head)

    assert found.problems == ("xor", "beale")
    assert found.optimizers == ("adam", "new", "lion")
    assert found.lrs == ("1.0e-02",)
    assert found.dropped == ("lion",)
    assert set(found.pairs) == {(p, o) for p, rules in (("digits", "adam new"), ("xor", "adam lion")) for o in rules.split()}


def test_a_base_without_a_suite_is_asked_for_what_head_tracks(tmp_path):
    """The first commit that has a suite can be compared with the one before it."""
    (tmp_path / "base").mkdir()
    found = cells.tracked(tmp_path / "base", suite(tmp_path / "head", ("xor",), ("adam",)))

    assert (found.problems, found.optimizers) == (("xor",), ("adam",))


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("import no_such_module", "can't be imported: ModuleNotFoundError: No module named 'no_such_module'"),
        ("class Other: pass", "has no class with problem, optimizer and lr"),
        ("raise SystemExit(0)", "can't be imported"),
        (RULES.replace("1.0e-02", "fast").replace("{timed}", "('xor',)"), "the learning rate 'fast', which is no number"),
        (RULES.replace("{optimizers}, (", "'adam', ("), "aren't a tuple of names each for problem, optimizer, lr"),
        (RULES.replace(", ('1.0e-02',)", "").replace(', ("1.0e-02",)', ""), "aren't a tuple of names each"),
        (RULES.replace("({timed}, {optimizers})", "({optimizers},)"), "aren't a tuple of names each for problem, optimizer$"),
    ],
)
def test_a_suite_that_says_nothing_is_told(tmp_path, rules, told):
    """In one line, with the reason."""
    with pytest.raises(InputError, match=told):
        cells.tracked(tmp_path, suite(tmp_path / "head", ("xor",), ("adam",), rules=rules))


def test_a_suite_outside_the_repository_is_told(tmp_path):
    """It has no history of its own to follow."""
    (tmp_path / "asv.conf.json").write_text('{"benchmark_dir": "../elsewhere"}')

    with pytest.raises(InputError, match=r"\.\./elsewhere/, which has no"):
        cells.suite_of(tmp_path)


@pytest.mark.parametrize("text", ["{", "[1]", "{'a': }"])
def test_a_configuration_that_is_none_is_told(tmp_path, text):
    """Whatever is wrong with it."""
    (tmp_path / "asv.conf.json").write_text(text)

    with pytest.raises(InputError, match=r"asv\.conf\.json can't be read"):
        cells.settings(tmp_path)


def test_names_may_be_those_of_either_kind():
    """A problem that is only timed may be chosen, and then nothing of convergence remains; one that neither has is told."""
    known = cells.Tracked(("xor", "beale"), ("adam", "sgd"), ("1.0e-02",), (("xor", "adam"), ("digits", "lion")))
    digits = known.narrowed(["digits"], None)
    beale = known.narrowed(["beale"], ["sgd"])

    assert (digits.problems, digits.pairs) == ((), (("digits", "lion"),))
    assert (beale.problems, beale.optimizers, beale.pairs) == (("beale",), ("sgd",), ())
    assert known.narrowed(None, ["lion"]).pairs == (("digits", "lion"),)
    with pytest.raises(InputError, match="tracked are xor, beale, digits"):
        known.narrowed(["rosenbrock"], None)


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["main...rule", "HEAD"], 2, "both 'rule' and 'HEAD' stand for HEAD"),
        (["main...", "."], 2, "benchmarks/, which has no __init__.py"),
        (["..."], 2, "'' is no commit"),
    ],
)
def test_wrong_commits_end_in_a_line(forked, options, status, told):
    """Status 2, and what is wrong with the words."""
    command = [sys.executable, "-c", "from optbench.bench.cli import main; main()", "history", "check", *options]
    done = subprocess.run(command, cwd=forked[0], capture_output=True, text=True)

    assert (done.returncode, done.stderr.count("\n")) == (status, 1), done.stderr
    assert told in done.stderr


def test_a_commit_that_cannot_be_built_has_a_status_of_its_own(forked):
    """Whoever asks whether a curve moved learns that nothing was compared: status 3, with pip's reason."""
    root, _ = forked
    suite(root / "more", ("xor",), ("adam",))
    (root / "more" / "benchmarks").rename(root / "benchmarks")
    (root / "elsewhere.py").write_text(ELSEWHERE)
    (root / "pyproject.toml").write_text('[project]\nname = "mine"\nversion = "1"\n[tool.setuptools]\npy-modules = ["rule"]')
    committed(root, "a suite, and a package")
    (root / "pyproject.toml").write_text("[build-system")
    committed(root, "a pyproject.toml that is none")
    command = [sys.executable, "-c", "from optbench.bench.cli import main; main()", "history", "check", "HEAD~1"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)

    assert done.returncode == 3, done.stderr
    assert re.search(r"optbench: HEAD \(\w{8}\) can't be installed: .*TOMLDecodeError", done.stderr), done.stderr
    assert done.stderr.count("\n") == 1
