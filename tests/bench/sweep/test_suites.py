"""Suites and sweep files: which runs they mean, what goes before what, and what is refused."""

import inspect
import json
import re

import numpy as np
import optbench as ob
import pytest
import threadpoolctl
from click.testing import CliRunner
from optbench.bench.check import solvability
from optbench.bench.cli.main import main
from optbench.bench.sweep import suites, sweep_file
from optbench.bench.sweep.request import Request
from optbench.bench.sweep.sweep import plan
from optbench.kernels.baselines import BASELINES
from optbench.problems.kinds import KINDS
from optbench.problems.registry import Family


def optbench(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def planned(name):
    return plan(suites.find(name))


def test_smoke_has_a_problem_of_each_kind():
    """At least 8 problems, every kind, 3 learning rates × 2 seeds × 200 steps."""
    sweep = planned("smoke")
    kinds = {problem.kind for problem in sweep.problems}

    assert len(sweep.problems) >= 8
    assert kinds == set(KINDS)
    assert (len(sweep.lrs["adam"]), sweep.seeds, sweep.steps) == (3, (0, 1), 200)
    assert sweep.lrs["adam"][1] == ob.get_optimizer("adam").lr


def test_default_has_every_kind_and_its_budgets():
    """At least 15 problems, of every kind, nine learning rates, five seeds, each problem's own
    budget.
    """
    sweep = planned("default")

    assert len(sweep.problems) >= 15
    assert {problem.kind for problem in sweep.problems} == set(KINDS)
    assert (len(sweep.lrs["adam"]), len(sweep.seeds), sweep.steps) == (9, 5, None)


@pytest.mark.parametrize(
    ("name", "kinds"), [("analytic", {"analytic"}), ("noisy", {"noisy"}), ("networks", {"network"})]
)
def test_suites_by_kind_hold_all_of_the_kind(name, kinds):
    """Every registered problem and variant of the kind, away from the origin, and no other; `full`
    has them all.
    """
    named = {problem.name for problem in planned(name).problems}

    assert named == {
        suites.away_from_origin(problem).name
        for problem in suites.every_problem()
        if problem.kind in kinds
    }
    assert named < {problem.name for problem in planned("full").problems}


@pytest.mark.parametrize("name", sorted(suites.built_in()))
def test_no_suites_problem_has_its_minimizer_at_the_origin(name):
    """What shrinks x is rewarded nowhere: from each known minimizer the origin is a tenth as far as
    a start, or farther.
    """
    for problem in planned(name).problems:
        if problem.minimizers is None:
            continue
        starts = np.linalg.norm(
            problem.starts(range(3))[:, :, None] - problem.minimizers.T[:, None, :], axis=0
        )

        assert (np.linalg.norm(problem.minimizers, axis=1) > 0.09 * starts.min(axis=0)).all(), (
            problem.name
        )
        if "shift" in problem.parameters:
            losses = problem.values(problem.minimizers.T)
            np.testing.assert_allclose(losses, problem.minimum, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["smoke", pytest.param("full", marks=pytest.mark.slow)])
def test_going_to_the_origin_solves_no_suites_problem(name):
    """A rule that shrinks x, slowly or at once, meets no problem's last target from any of three
    seeds.
    """
    (shrinking,) = [rule for rule in BASELINES if rule.family == "going_to_zero"]
    for problem in planned(name).problems:
        hits = solvability.run_rule(
            problem, shrinking, np.tile([0.01, 0.1, 1.0], 3), np.repeat([0, 1, 2], 3), steps=200
        ).hit_steps

        assert (hits[-1:] <= 0).all(), problem.name


def test_published_forms_keep_their_names():
    """A problem by its plain name is the published one, its minimizer at the origin; the suite's is
    that one moved.
    """
    for name in ("quadratic", "griewank", "plateau", "sphere"):
        plain = ob.get_problem(name)
        moved = suites.away_from_origin(plain)

        assert plain.minimizers is not None
        assert moved.minimizers is not None
        assert not plain.minimizers.any()
        assert moved.name == f"{name}[shift=1.0]"
        np.testing.assert_allclose(moved.start(1) - plain.start(1), moved.minimizers[0], rtol=1e-12)
        assert moved.targets == pytest.approx(plain.targets, rel=1e-12)
    assert suites.away_from_origin(ob.get_problem("rosenbrock")) is ob.get_problem("rosenbrock")


def test_sixty_problems():
    """The catalogue has at least sixty families, each in a file of its name or beside its kin."""
    assert len(ob.list_problems()) >= 60


def test_a_suite_stands_for_what_is_not_given():
    """From Python: a suite's problems, seeds and steps, unless they are given."""
    whole = ob.run(suite="smoke", optimizers=["sgd"], problems=["quadratic[rotated]"]).runs
    given = ob.run(
        suite="smoke", optimizers=["sgd"], problems=["xor"], lrs=[0.5], seeds=[4], steps=7
    ).runs

    assert len(whole) == 3 * 2
    assert set(whole["steps"]) == {200}
    assert given[["problem", "lr", "seed", "steps"]].to_numpy().tolist() == [["xor", 0.5, 4, 7]]


SWEEP = """
suite = "mine"
optimizers = ["adam", "shrinking"]
plugins = ["rule.py"]
out = "{out}"
figures = false

[suites.mine]
problems = ["rosenbrock", "quadratic[rotated]"]
lr_count = 3
seeds = 2
steps = 20

[suites.other]
kinds = ["noisy"]
problems = ["xor"]
"""
RULE = '''
import optbench as ob

@ob.optimizer
def shrinking(x, g, lr=0.1):
    """A test's rule (2000). lr : share of x."""
    return x - lr * x
'''


@pytest.fixture
def file(tmp_path):
    """A sweep file beside its plugin."""
    (tmp_path / "rule.py").write_text(RULE)
    file = tmp_path / "sweep.toml"
    file.write_text(SWEEP.format(out=tmp_path / "out"))
    return file


def test_a_sweep_file_says_it_all(file, tmp_path):
    """`optbench run sweep.toml`: its suite, its optimizers, a plugin beside it, its folder, no
    figures.
    """
    result = optbench("run", file, "--quiet")
    runs = ob.load(tmp_path / "out" / "runs").runs

    assert result.exit_code == 0, result.output
    assert set(runs["optimizer"]) == {"adam", "shrinking"}
    assert set(runs["problem"]) == {"rosenbrock", "quadratic[rotated]"}
    assert len(runs) == 2 * 2 * 3 * 2
    assert set(runs["steps"]) == {20}
    assert not (tmp_path / "out" / "figures").exists()


@pytest.mark.parametrize(
    ("encoding", "status", "reason"),
    [("utf-8-sig", 0, ""), ("utf-16", 2, "isn't in UTF-8; save it")],
)
def test_a_sweep_file_may_begin_with_a_byte_order_mark(encoding, status, reason, tmp_path):
    """A byte-order mark, as editors of Windows write it, is no matter; UTF-16 is one line that says
    what to do.
    """
    file = tmp_path / "sweep.toml"
    text = (
        "problems = ['quadratic']\noptimizers = ['sgd']\nseeds = 1\nsteps = 3\nfigures ="
        f" false\nout = '{tmp_path}'\n"
    )
    file.write_text(text, encoding=encoding)
    result = optbench("run", file, "--quiet")

    assert result.exit_code == status
    assert reason in result.stderr
    assert (tmp_path / "leaderboard.csv").exists() == (status == 0)


def test_options_go_before_the_file_and_the_file_before_the_suite(file, tmp_path):
    """What is typed replaces what the file says; problems typed replace a suite's whole list, kinds
    included.
    """
    done = optbench(
        "run",
        file,
        "--suite",
        "other",
        "-o",
        "sgd",
        "-p",
        "beale",
        "--lr",
        "0.001",
        "--seeds",
        "1",
        "--quiet",
        "--steps",
        "5",
        "--out",
        tmp_path / "typed",
    )
    runs = ob.load(tmp_path / "typed" / "runs").runs

    assert done.exit_code == 0, done.output
    assert runs[["problem", "optimizer", "lr", "seed", "steps"]].to_numpy().tolist() == [
        ["beale", "sgd", 0.001, 0, 5]
    ]


def test_a_number_of_rates_replaces_a_list_of_them():
    """Each of lrs and lr_count, given, replaces what the suite says of rates; problems given
    don't.
    """
    suite = Request(lrs=[0.1], problems=["xor"])

    assert Request(lr_count=5).over(suite) == Request(lr_count=5, problems=["xor"])
    assert Request(problems=["beale"]).over(suite) == Request(lrs=[0.1], problems=["beale"])


VALUES = {
    "problems": ["beale"],
    "kinds": ["regression"],
    "optimizers": ["sgd"],
    "lrs": [0.3],
    "lr_count": 3,
    "seeds": [0, 3],
    "steps": 7,
    "schedule": "cosine",
    "stop": "target",
    "dtype": "float32",
}
"""What decides which runs a sweep has, and a value of each that isn't the default's."""
SMALL = {"problems": ["sphere"], "optimizers": ["adam"], "lr_count": 1, "seeds": 1, "steps": 5}


def names_of(runs):
    keys = ["problem", "optimizer", "lr", "seed", "schedule", "dtype", "steps", "status"]
    return sorted(
        map(
            tuple,
            runs[keys].astype({"problem": str, "optimizer": str, "lr": float}).to_numpy().tolist(),
        )
    )


@pytest.mark.parametrize("word", VALUES)
@pytest.mark.parametrize("place", ["top", "suite", "options"])
def test_a_word_means_the_same_everywhere(word, place, tmp_path):
    """Each word of ob.run is one of a sweep file, of a suite and an option of `optbench run`, and
    means the same runs.
    """
    words = {
        **{
            key: value
            for key, value in SMALL.items()
            if key != {"lrs": "lr_count", "kinds": "problems"}.get(word)
        },
        word: VALUES[word],
    }
    expected = ob.run(**words).runs
    file, out = tmp_path / "sweep.toml", tmp_path / "out"
    lines = [f"{key} = {json.dumps(value)}" for key, value in words.items()]
    options = [
        [
            "--" + key.replace("_", "-"),
            ",".join(map(str, value if isinstance(value, list) else [value])),
        ]
        for key, value in words.items()
    ]
    if place == "suite":
        needed = [] if {"problems", "kinds"} & words.keys() else ['problems = ["sphere"]']
        lines = ['suite = "mine"', "[suites.mine]", *needed, *lines]
    file.write_text("\n".join(lines) + "\n")
    given = [file] if place != "options" else [part for option in options for part in option]
    done = optbench("run", *given, "--quiet", "--no-figures", "--out", out)

    assert done.exit_code == 0, done.output
    assert names_of(ob.load(out / "runs").runs) == names_of(expected)


def test_every_word_is_known_in_all_three_places():
    """The words that decide a sweep's runs are those of ob.run, of a sweep file, of a suite and of
    the command.
    """
    elsewhere = {"store", "workers", "progress", "suite", "executor"}
    python = set(inspect.signature(ob.run).parameters) - elsewhere
    command = {parameter.name for parameter in main.commands["run"].params}

    assert python == set(VALUES)
    assert python == sweep_file.suite_keys().keys() - {"about", "figures"}
    assert sweep_file.keys().keys() - {"about", "plugins"} <= command


def test_two_ways_to_say_the_rates_exclude_each_other():
    """lrs and lr_count together are refused, from Python too; over a suite's the one that is given
    stands.
    """
    with pytest.raises(ValueError, match="lrs and lr_count"):
        ob.run(["sphere"], ["sgd"], lrs=[0.1], lr_count=3)

    assert Request(lrs=[0.1]).over(Request(lr_count=3)) == Request(lrs=[0.1])


def test_kinds_and_problems_add_up(file):
    """A suite may name problems and kinds: it has both."""
    _, named = sweep_file.read(file)
    names = {problem.name for problem in plan(suites.find("other", named)).problems}

    assert names == {"xor", *(problem.name for problem in planned("noisy").problems)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("optimisers = ['adam']", "did you mean 'optimizers'"),
        ("lrs = 0.1", "lrs = 0.1 must be a list"),
        ("seeds = true", "a whole number or a list"),
        ("lrs = [", "can't be read"),
        ("suite = 'smoek'", "did you mean 'smoke'"),
        ("suites = 3", "suites are tables"),
        ("[suites.mine]\nseeds = 3", "it needs problems or kinds"),
        ("[suites.mine]\nproblems = ['xor']\nout = 'x'", "unknown word in"),
        ("kinds = ['noise']", "did you mean 'noisy'"),
        ("lr_count = 4\nproblems = ['xor']", "odd"),
        ("plugins = ['gone.py']", "doesn't exist"),
        ("problems = ['xer']", "did you mean 'xor'"),
        ("plugins = [1]", "a list of texts"),
        ("problems = ['xor']\nlrs = ['a']", "must be numbers"),
    ],
)
def test_a_wrong_file_ends_in_one_line(tmp_path, text, reason):
    """A word that isn't one, a value of another kind, a broken file: one line on stderr, exit
    status 2.
    """
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    result = optbench("run", file, "--quiet", "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert reason in result.stderr


@pytest.mark.parametrize(
    ("word", "reason"),
    [("rosenbrock", "problems are given by -p"), ("gone.toml", "there is no sweep file")],
)
def test_what_is_no_sweep_file_is_told(word, reason):
    """A name where the file belongs, or a file that isn't there."""
    result = optbench("run", word)

    assert result.exit_code == 2
    assert reason in result.stderr


def test_suites_are_listed():
    """`optbench list suites` names each with its size and what it is for."""
    words = " ".join(optbench("list", "suites").stdout.split())

    assert all(name in words for name in suites.built_in())
    assert "is everything in order?" in words
    assert re.search(r"\bsmoke 8 3 2 200\b", words)
    assert re.search(r"\bnoisy all noisy 9 5 budget\b", words)
    assert re.search(r"\bfull all 9 5 budget\b", words)


def test_listing_suites_makes_no_problem(monkeypatch):
    """To list suites nothing is made: data sets and minima of every problem are seconds of work for
    six lines.
    """
    monkeypatch.setattr(Family, "problem", lambda self, **given: pytest.fail(self.name))

    assert optbench("list", "suites").exit_code == 0


def test_problems_are_made_on_one_thread():
    """A maker's matrix products run on one thread of BLAS: their bits are the same on any number of
    processors.
    """
    seen = []

    @ob.problem
    def looking(dim=2):
        seen.extend(
            pool["num_threads"]
            for pool in threadpoolctl.threadpool_info()
            if pool["user_api"] == "blas"
        )
        return ob.Problem(
            formula=lambda x, g: 0.0, center=np.ones(dim), spread=0.1, budget=10, source="none"
        )

    ob.get_problem("looking")

    assert set(seen) == {1}
