"""Suites: which problems they have, and that none rewards going to the origin."""

import re

import numpy as np
import optbench as ob
import pytest
import threadpoolctl
from click.testing import CliRunner
from optbench.bench.check import solvability
from optbench.bench.cli.main import main
from optbench.bench.sweep import suites
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
