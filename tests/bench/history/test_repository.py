"""What is compared: the files of two commits, where they part, and the cells that either's suite
tracks.
"""

import re
import subprocess
import sys

import pytest
from git_repository import committed, git
from optbench.bench.history import repository, tracked, untracked
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


def test_histories_without_a_common_commit_are_told(forked):
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

    assert repository.found(clone, "origin/main").told.startswith("origin/main (")
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
    """A commit's files: a suite `rules` in benchmarks/, and a configuration with comments as asv
    allows them.
    """
    package = folder / "benchmarks"
    package.mkdir(parents=True)
    (folder / "asv.conf.json").write_text(
        '{"repo": ".", // the place\n "project": "p", /* its name */}'
    )
    (package / "__init__.py").write_text("")
    (folder / "elsewhere.py").write_text(ELSEWHERE)
    (package / "rules.py").write_text(
        rules.format(problems=problems, optimizers=optimizers, timed=timed)
    )
    return folder


def test_a_suite_is_read_as_asv_reads_it(tmp_path):
    """Classes in the suite's root and in packages within it are tracked, too."""
    head = suite(tmp_path / "head", ("xor",), ("adam",))
    inner = head / "benchmarks" / "inner"
    inner.mkdir()
    (inner / "__init__.py").write_text("")
    (inner / "more.py").write_text(
        RULES.format(problems=("beale",), optimizers=("lion",), timed=("beale",))
    )
    (head / "benchmarks" / "__init__.py").write_text(
        RULES.format(problems=("mlp",), optimizers=("sgd",), timed=("mlp",))
    )
    found = tracked.suite_of(head).main

    assert set(found.problems) == {"xor", "beale", "mlp"}
    assert set(found.optimizers) == {"adam", "lion", "sgd"}


def test_what_either_commit_tracks_is_judged(tmp_path):
    """An optimizer that HEAD removed with its name is looked for; what a module only imports tracks
    nothing of its own.
    """
    base = suite(tmp_path / "base", ("xor",), ("adam", "lion"), ("xor",))
    head = suite(tmp_path / "head", ("xor", "beale"), ("adam", "new"), ("digits",))
    found = tracked.tracked(base, head)

    assert found.main == tracked.Grid(("xor", "beale"), ("adam", "new", "lion"), ("1.0e-02",))
    assert found.further == ()
    assert found.dropped == ("lion",)
    assert set(found.pairs) == {
        (p, o) for p, rules in (("digits", "adam new"), ("xor", "adam lion")) for o in rules.split()
    }


def test_a_base_without_a_suite_is_asked_for_what_head_tracks(tmp_path):
    """The first commit that has a suite can be compared with the one before it."""
    (tmp_path / "base").mkdir()
    found = tracked.tracked(tmp_path / "base", suite(tmp_path / "head", ("xor",), ("adam",)))

    assert found.main == tracked.Grid(("xor",), ("adam",), ("1.0e-02",))


VARIANTS = (
    RULES
    + """
class Schedules:
    params = (("xor",), ("adam",), ("1.0e-02",), ("cosine[warmup=10]", "step"))
    param_names = ("problem", "optimizer", "lr", "schedule")

class Single:
    params = (("beale",), ("sgd",), ("1.0e-03",), ("float32",))
    param_names = ("problem", "optimizer", "lr", "dtype")
"""
)


def test_schedules_and_dtypes_are_parameters_of_a_suite(tmp_path):
    """A class with a parameter `schedule` or `dtype` beside the others is judged under each of its
    values.
    """
    found = tracked.suite_of(suite(tmp_path / "head", ("xor",), ("adam",), rules=VARIANTS))

    assert found.main == tracked.Grid(("xor",), ("adam",), ("1.0e-02",))
    assert set(found.further) == {
        tracked.Grid(("xor",), ("adam",), ("1.0e-02",), "cosine[warmup=10]"),
        tracked.Grid(("xor",), ("adam",), ("1.0e-02",), "step"),
        tracked.Grid(("beale",), ("sgd",), ("1.0e-03",), dtype="float32"),
    }


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            "import no_such_module",
            "can't be imported: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("class Other: pass", "has no class with problem, optimizer and lr"),
        ("raise SystemExit(0)", "can't be imported"),
        (
            RULES.replace("1.0e-02", "fast").replace("{timed}", "('xor',)"),
            "the learning rate 'fast', which is no number",
        ),
        (
            RULES.replace("{optimizers}, (", "'adam', ("),
            "aren't a tuple of names each for problem, optimizer, lr",
        ),
        (
            RULES.replace(", ('1.0e-02',)", "").replace(', ("1.0e-02",)', ""),
            "aren't a tuple of names each",
        ),
        (
            VARIANTS.replace("float32", "float16"),
            "the dtype 'float16'; there are: float64, float32",
        ),
        (VARIANTS.replace("cosine[warmup=10]", "cosine["), "the schedule 'cosine\\['"),
        (
            RULES.replace("({timed}, {optimizers})", "({optimizers},)"),
            "aren't a tuple of names each for problem, optimizer$",
        ),
    ],
)
def test_a_suite_that_says_nothing_is_told(tmp_path, rules, told):
    """In one line, with the reason."""
    with pytest.raises(InputError, match=told):
        tracked.tracked(tmp_path, suite(tmp_path / "head", ("xor",), ("adam",), rules=rules))


def test_a_suite_that_never_ends_is_told(tmp_path, monkeypatch):
    """After a while, which is said."""
    monkeypatch.setattr(tracked, "IMPORT_SECONDS", 0.5)

    with pytest.raises(InputError, match=r"can't be imported: it takes more than 0\.5 s"):
        tracked.suite_of(
            suite(tmp_path / "head", ("xor",), ("adam",), rules="import time\ntime.sleep(60)\n")
        )


def test_a_suite_outside_the_repository_is_told(tmp_path):
    """It has no history of its own to follow."""
    (tmp_path / "asv.conf.json").write_text('{"benchmark_dir": "../elsewhere"}')

    with pytest.raises(InputError, match=r"\.\./elsewhere/, which has no"):
        tracked.suite_of(tmp_path)


@pytest.mark.parametrize("text", ["{", "[1]", "{'a': }"])
def test_a_configuration_that_is_none_is_told(tmp_path, text):
    """Whatever is wrong with it."""
    (tmp_path / "asv.conf.json").write_text(text)

    with pytest.raises(InputError, match=r"asv\.conf\.json can't be read"):
        tracked.settings(tmp_path)


def test_any_name_may_be_chosen():
    """One that is tracked is judged where it is; one that isn't joins the curves, and the times, of
    those that are.
    """
    single = tracked.Grid(("xor",), ("adam",), ("1.0e-02",), dtype="float32")
    main = tracked.Grid(("xor", "beale"), ("adam", "sgd"), ("1.0e-02",))
    known = tracked.Tracked(main, (single,), (("xor", "adam"), ("digits", "lion")))
    beale, nadam, cliff = (
        known.narrowed(["beale"], ["sgd"]),
        known.narrowed(None, ["nadam"]),
        known.narrowed(["cliff"], None),
    )

    assert (beale.main, beale.further, beale.pairs) == (
        tracked.Grid(("beale",), ("sgd",), ("1.0e-02",)),
        (),
        (),
    )
    assert nadam.main == tracked.Grid(("xor", "beale"), ("nadam",), ("1.0e-02",))
    assert set(nadam.pairs) == {("xor", "nadam"), ("digits", "nadam")}
    assert cliff.main == tracked.Grid(("cliff",), ("adam", "sgd"), ("1.0e-02",))
    assert set(cliff.pairs) == {("cliff", "adam"), ("cliff", "lion")}
    assert known.narrowed(["digits"], ["lion"]).pairs == (("digits", "lion"),)
    assert known.narrowed(None, ["adam"]).further == (single,)


def names(optimizers, problems=(), schedules=(), known=((), ())):
    """What a commit brings, its problems with their coordinates, and what it knows of the names
    that are asked for.
    """
    return untracked.Names(
        optimizers,
        dict(problems),
        schedules,
        dict(zip(("problems", "optimizers"), known, strict=True)),
    )


KNOWN = tracked.Tracked(tracked.Grid(("xor",), ("adam",), ("1.0e-02",)), (), ())


def test_what_either_commit_brings_is_judged_though_untracked():
    """A rule that HEAD has no more as well as a new one; problems beyond a thousand coordinates
    only where asked for.
    """
    base = names(("adam", "gone"), {"xor": 9, "cliff": 2}, ("constant", "cosine"))
    head = names(
        ("adam", "new", "torch:adam"), {"xor": 9, "cliff": 2, "huge": 5000}, ("constant", "step")
    )
    found = untracked.grids(base, head, KNOWN, None, None)
    rules, formulas, *schedules, single = found

    assert set(rules.optimizers) == {"gone", "new", "torch:adam"}
    assert rules.problems == untracked.PROBLEMS
    assert rules.lrs == ("default", "1.0e-02")
    assert formulas.problems == ("cliff",)
    assert {grid.schedule for grid in schedules} == {"cosine", "step"}
    assert (single.problems, single.dtype) == (("xor",), "float32")
    assert [grid.optimizers for grid in untracked.grids(base, head, KNOWN, None, ["new"])] == [
        ("new",)
    ]


def test_a_name_that_neither_commit_has_is_an_error():
    """With the near ones of both commits; one that only BASE has is judged."""
    base, head = names(("nadam", "gone"), known=((), ("gone",))), names(("nadam",))
    untracked.examine({"problems": [], "optimizers": ["gone"]}, base, head, KNOWN)

    with pytest.raises(InputError, match="unknown optimizer 'nadamm'; did you mean 'nadam'"):
        untracked.examine({"problems": [], "optimizers": ["nadamm"]}, base, head, KNOWN)


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
    command = [
        sys.executable,
        "-c",
        "from optbench.bench.cli.main import main; main()",
        "history",
        "check",
        *options,
    ]
    done = subprocess.run(command, cwd=forked[0], capture_output=True, text=True)

    assert (done.returncode, done.stderr.count("\n")) == (status, 1), done.stderr
    assert told in done.stderr


@pytest.mark.slow
def test_a_commit_that_cannot_be_built_has_a_status_of_its_own(forked):
    """Whoever asks whether a curve moved learns that nothing was compared: status 3, with pip's
    reason.
    """
    root, _ = forked
    suite(root / "more", ("xor",), ("adam",))
    (root / "more" / "benchmarks").rename(root / "benchmarks")
    (root / "elsewhere.py").write_text(ELSEWHERE)
    (root / "pyproject.toml").write_text(
        '[project]\nname = "mine"\nversion = "1"\n[tool.setuptools]\npy-modules = ["rule"]'
    )
    committed(root, "a suite, and a package")
    (root / "pyproject.toml").write_text("[build-system")
    committed(root, "a pyproject.toml that is none")
    command = [
        sys.executable,
        "-c",
        "from optbench.bench.cli.main import main; main()",
        "history",
        "check",
        "HEAD~1",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)

    assert done.returncode == 3, done.stderr
    assert re.search(
        r"optbench: HEAD \(\w{8}\) can't be installed: .*TOMLDecodeError", done.stderr
    ), done.stderr
    assert "Traceback" not in done.stderr
