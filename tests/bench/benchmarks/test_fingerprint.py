"""A fingerprint is the losses of a loop by hand, and shows what amplifies rounding."""

import math

import numpy as np
import optbench as ob
import pytest


def test_a_fingerprint_is_the_losses_of_walks(suite):
    """The losses of each seed after 20 and 100 updates are those that a loop by hand meets; the
    entry is their mean.
    """
    (entry,) = suite.fingerprint.losses("quadratic", ["momentum"], ["1.0e-02"], 2).values()
    problem, met = ob.get_problem("quadratic"), []
    for updates in (20, 100):
        for seed in (0, 1):
            walk = ob.get_optimizer("momentum", lr=0.01).start(problem.start(seed))
            for step in range(1, updates + 1):
                walk.step(problem.gradient(walk.x, seed=seed, step=step)[1])
            met.append(problem.value_and_grad(walk.x)[0])

    assert entry["sizes"] == pytest.approx(met, rel=1e-13)
    assert suite.fingerprint.mean(entry["sizes"]) == pytest.approx(
        math.prod(met) ** 0.25, rel=1e-12
    )


def test_a_fingerprint_has_its_schedule(suite):
    """The losses under a cosine with ten updates of warm-up are those of a loop by hand with the
    paper's formula.

    Loshchilov & Hutter (2017), arXiv:1608.03983, eq. 5, over the 90 updates after the linear rise.
    """
    (entry,) = suite.fingerprint.losses(
        "quadratic", ["sgd"], ["1.0e-02"], 1, schedule="cosine[warmup=10]"
    ).values()
    problem, x, met = ob.get_problem("quadratic"), ob.get_problem("quadratic").start(0), []
    for step in range(100):
        factor = (step + 1) / 10 if step < 10 else (1 + math.cos(math.pi * (step - 10) / 90)) / 2
        x = x - 0.01 * factor * problem.value_and_grad(x)[1]
        if step + 1 in (20, 100):
            met.append(problem.value_and_grad(x)[0])

    assert entry["sizes"] == pytest.approx(met, rel=1e-12)


def test_a_fingerprint_has_its_dtype(suite):
    """In float32 the losses are those of a loop by hand in that dtype, to seven digits, and not
    those of float64.
    """
    single, double = (
        next(
            iter(
                suite.fingerprint.losses(
                    "rosenbrock", ["sgd"], ["1.0e-03"], 1, dtype=dtype
                ).values()
            )
        )
        for dtype in ("float32", "float64")
    )
    x = ob.get_problem("rosenbrock").start(0).astype("float32")
    for _ in range(100):
        # f = 100 (y - x²)² + (1 - x)²
        slope = [-400 * x[0] * (x[1] - x[0] ** 2) - 2 * (1 - x[0]), 200 * (x[1] - x[0] ** 2)]
        x = (x - 1e-3 * np.array(slope)).astype("float32")
    loss = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2

    assert single["sizes"][1] == pytest.approx(float(loss), rel=1e-4)
    assert single["sizes"] != double["sizes"]
    assert single["sizes"] == pytest.approx(double["sizes"], rel=1e-4)


def test_a_learning_rate_may_be_each_optimizers_own(suite):
    """Under "default" stand the losses at the rule's default; a rule without learning rate stands
    there, too.
    """
    own = suite.fingerprint.losses("quadratic", ["sgd", "adam", "momentum"], ["default"], 2)

    for name in ("sgd", "adam", "momentum"):
        lr = f"{ob.get_optimizer(name).lr:.1e}"
        (written,) = suite.fingerprint.losses("quadratic", [name], [lr], 2).values()
        assert own["quadratic", name, "default"] == written


def test_equal_bits_mean_equal_losses(suite):
    """Two measurements of an entry have the same digest; a learning rate that differs in its last
    digit has another.
    """
    same = [
        next(iter(suite.fingerprint.losses("quadratic", ["adam"], ["1.0e-02"], 2).values()))["bits"]
        for _ in range(2)
    ]
    other = next(
        iter(suite.fingerprint.losses("quadratic", ["adam"], ["0.010000000000000002"], 2).values())
    )

    assert same[0] == same[1] != other["bits"]


def test_nudges_tell_what_amplifies_rounding(suite):
    """A quadratic's losses move about as little as lr does; RMSprop's at lr 1 on Rosenbrock's
    function by far more.
    """
    (plain,) = suite.fingerprint.losses("quadratic", ["sgd"], ["1.0e-02"], 2).values()
    (wild,) = suite.fingerprint.losses("rosenbrock", ["rmsprop"], ["1.0e+00"], 5).values()

    assert 0 < max(plain["nudged"]) < 1e-12
    assert max(wild["nudged"]) > 1e-9


def test_a_fingerprint_has_its_size_where_nothing_converges(suite):
    """Losses that are zero, negative, infinite or no number have positive, finite sizes."""
    sizes = [suite.fingerprint.size(loss) for loss in (0.0, -2.0, math.inf, math.nan)]

    assert sizes == [suite.fingerprint.FLOOR, 2.0, suite.fingerprint.CAP, suite.fingerprint.CAP]
