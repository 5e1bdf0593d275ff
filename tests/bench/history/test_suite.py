"""What a commit's asv suite tracks, and what is said of one that can't be read."""

import pytest
from optbench.bench.history import asv_config, suite, tracked
from optbench.kernels.grammar import InputError

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


def suite_files(folder, problems, optimizers, timed=("xor",), rules=RULES):
    """A commit's files: a suite with one module, and a configuration with comments, as asv allows
    them.
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
    head = suite_files(tmp_path / "head", ("xor",), ("adam",))
    inner = head / "benchmarks" / "inner"
    inner.mkdir()
    (inner / "__init__.py").write_text("")
    (inner / "more.py").write_text(
        RULES.format(problems=("beale",), optimizers=("lion",), timed=("beale",))
    )
    (head / "benchmarks" / "__init__.py").write_text(
        RULES.format(problems=("mlp",), optimizers=("sgd",), timed=("mlp",))
    )
    found = suite.suite_of(head).main

    assert set(found.problems) == {"xor", "beale", "mlp"}
    assert set(found.optimizers) == {"adam", "lion", "sgd"}


def test_what_either_commit_tracks_is_judged(tmp_path):
    """An optimizer that HEAD removed with its name is looked for; what a module only imports tracks
    nothing of its own.
    """
    base = suite_files(tmp_path / "base", ("xor",), ("adam", "lion"), ("xor",))
    head = suite_files(tmp_path / "head", ("xor", "beale"), ("adam", "new"), ("digits",))
    found = suite.tracked_by(base, head)

    assert found.main == tracked.Grid(("xor", "beale"), ("adam", "new", "lion"), ("1.0e-02",))
    assert found.variants == ()
    assert found.dropped == ("lion",)
    assert set(found.pairs) == {
        (p, o) for p, rules in (("digits", "adam new"), ("xor", "adam lion")) for o in rules.split()
    }


def test_a_base_without_a_suite_is_asked_for_what_head_tracks(tmp_path):
    """The first commit that has a suite can be compared with the one before it."""
    (tmp_path / "base").mkdir()
    found = suite.tracked_by(tmp_path / "base", suite_files(tmp_path / "head", ("xor",), ("adam",)))

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
    found = suite.suite_of(suite_files(tmp_path / "head", ("xor",), ("adam",), rules=VARIANTS))

    assert found.main == tracked.Grid(("xor",), ("adam",), ("1.0e-02",))
    assert set(found.variants) == {
        tracked.Grid(("xor",), ("adam",), ("1.0e-02",), "cosine[warmup=10]"),
        tracked.Grid(("xor",), ("adam",), ("1.0e-02",), "step"),
        tracked.Grid(("beale",), ("sgd",), ("1.0e-03",), dtype="float32"),
    }


@pytest.mark.parametrize(
    ("rules", "reason"),
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
def test_a_suite_that_says_nothing_is_an_error(tmp_path, rules, reason):
    """In one line, with the reason."""
    with pytest.raises(InputError, match=reason):
        suite.tracked_by(tmp_path, suite_files(tmp_path / "head", ("xor",), ("adam",), rules=rules))


def test_a_suite_that_never_ends_is_an_error(tmp_path, monkeypatch):
    """After a while, which is said."""
    monkeypatch.setattr(suite, "IMPORT_SECONDS", 0.5)

    with pytest.raises(InputError, match=r"can't be imported: it takes more than 0\.5 s"):
        suite.suite_of(
            suite_files(
                tmp_path / "head", ("xor",), ("adam",), rules="import time\ntime.sleep(60)\n"
            )
        )


def test_a_suite_outside_the_repository_is_an_error(tmp_path):
    """It has no history of its own to follow."""
    (tmp_path / "asv.conf.json").write_text('{"benchmark_dir": "../elsewhere"}')

    with pytest.raises(InputError, match=r"\.\./elsewhere/, which has no"):
        suite.suite_of(tmp_path)


@pytest.mark.parametrize("text", ["{", "[1]", "{'a': }"])
def test_a_configuration_that_is_none_is_an_error(tmp_path, text):
    """Whatever is wrong with it."""
    (tmp_path / "asv.conf.json").write_text(text)

    with pytest.raises(InputError, match=r"asv\.conf\.json can't be read"):
        asv_config.asv_config(tmp_path)
