"""Transforms: the same problem in other coordinates, with noise, coarse or late gradients, named in
its name.
"""

import numpy as np
import optbench as ob
import pytest
from twins.differences import central_differences

MOVED = [
    "rosenbrock[dim=6,shift=2.0]",
    "rosenbrock[dim=6,rotated]",
    "rosenbrock[dim=6,rescale=100.0]",
    "rosenbrock[dim=6,permuted]",
    "rosenbrock[dim=6,permuted,rescale=30.0,rotated,shift=0.5]",
    "logistic_regression[batch=0,permuted,rescale=10.0,rotated]",
    "digits[permuted,shift=0.1]",
]
SEEDS = [0, 1, 5]


def plain(name):
    """The family's problem with its own parameters alone."""
    problem = ob.get_problem(name)
    own = {
        word: problem.parameters[word]
        for word in problem.parameters
        if word in BARE[problem.family].parameters
    }
    return ob.get_problem(problem.family, **own)


BARE = {
    family: ob.get_problem(family)
    for family in ("rosenbrock", "logistic_regression", "digits", "quadratic")
}


@pytest.mark.parametrize("name", MOVED)
def test_losses_are_what_they_were(name):
    """Starts, minimizers and targets move along: every loss is the untransformed problem's."""
    moved, before = ob.get_problem(name), plain(name)
    starts = moved.values(moved.starts(SEEDS))

    np.testing.assert_allclose(starts, before.values(before.starts(SEEDS)), rtol=1e-9)
    assert moved.starts(SEEDS)[:, 1].tobytes() == moved.start(1).tobytes(), (
        "drawn together as alone"
    )
    np.testing.assert_allclose(moved.targets, before.targets, rtol=1e-9)
    assert np.abs(moved.start(1) - before.start(1)).max() > 1e-3
    for x in moved.minimizers if moved.minimizers is not None else []:
        assert moved.value_and_grad(x)[0] == pytest.approx(before.minimum, abs=1e-12)


@pytest.mark.parametrize("name", MOVED)
def test_the_gradient_is_the_losses(name):
    """The gradient in the new coordinates agrees with central differences."""
    problem = ob.get_problem(name)
    x, coordinates = problem.start(3) + 0.01, np.random.default_rng(0).permutation(problem.dim)[:20]

    def along(part):
        moved = x.copy()
        moved[coordinates] = part
        return problem.value_and_grad(moved)[0]

    g = problem.value_and_grad(x)[1]
    expected = central_differences(along, x[coordinates])

    np.testing.assert_allclose(g[coordinates], expected, rtol=1e-6, atol=1e-7 * np.abs(g).max())


def test_a_rotation_keeps_lengths_and_mixes_axes():
    """Distances between starts are kept by a rotation and a permutation; no coordinate stays what
    it was.
    """
    for word in ("rotated", "permuted"):
        moved, before = (
            ob.get_problem("rosenbrock", dim=6, **{word: True}),
            ob.get_problem("rosenbrock", dim=6),
        )
        starts, originals = moved.starts([1, 2]), before.starts([1, 2])

        assert np.linalg.norm(starts[:, 0] - starts[:, 1]) == pytest.approx(
            np.linalg.norm(originals[:, 0] - originals[:, 1])
        )
        assert np.abs(starts - originals).max(axis=1).max() > 0.1


def test_rescaling_spans_its_ratio():
    """The units of the coordinates differ by the ratio, in no sorted order."""
    moved, before = (
        ob.get_problem("rosenbrock", dim=6, rescale=100.0),
        ob.get_problem("rosenbrock", dim=6),
    )
    assert moved.minimizers is not None
    assert before.minimizers is not None
    units = moved.minimizers[0] / before.minimizers[0]

    assert units.max() / units.min() == pytest.approx(100)
    assert list(units) != sorted(units)


def test_descent_knows_rotations_and_adam_knows_shifts():
    """SGD goes the same way on a rotated problem, Adam doesn't; both do on a shifted one: the
    transforms are real.
    """
    asked = {"optimizers": ["sgd", "adam"], "lrs": [1e-2], "seeds": [1], "steps": 300}
    losses = {}
    for name in ("quadratic", "quadratic[rotated]", "quadratic[shift=3.0]"):
        losses[name] = ob.run([name], **asked).runs.set_index("optimizer")["final_loss"]
    turned, shifted = (
        losses[f"quadratic[{word}]"] / losses["quadratic"] for word in ("rotated", "shift=3.0")
    )

    assert turned["sgd"] == pytest.approx(1, rel=1e-6)
    assert abs(turned["adam"] - 1) > 0.05
    np.testing.assert_allclose(shifted, 1, rtol=1e-6)


def test_noise_has_its_size_and_no_bias():
    """Over many steps the added noise has mean 0 and the standard deviation that the name says, in
    every coordinate.
    """
    problem, x = ob.get_problem("quadratic[noise=0.3]"), np.ones(10)
    g = problem.value_and_grad(x)[1]
    draws = np.array([problem.gradient(x, seed=4, step=step)[1] - g for step in range(1, 2001)])

    np.testing.assert_allclose(draws.mean(axis=0), 0, atol=4 * 0.3 / 2000**0.5)
    np.testing.assert_allclose(draws.std(axis=0), 0.3, rtol=0.08)
    assert abs(np.corrcoef(draws[:, 0], draws[:, 1])[0, 1]) < 0.1


def test_noise_is_the_seeds_and_the_steps_alone():
    """The same noise whoever is fed it, other noise for another seed or step; the loss fed has the
    fed gradient.
    """
    problem, x = ob.get_problem("quadratic[noise=0.3]"), np.ones(10)
    other = np.linspace(0.0, 1.0, 10)
    at = {
        point.tobytes(): problem.gradient(point, seed=4, step=7)[1]
        - problem.value_and_grad(point)[1]
        for point in (x, other)
    }
    first, second = at.values()
    fed = central_differences(lambda y: problem.gradient(y, seed=4, step=7)[0], x)

    np.testing.assert_allclose(first, second, atol=1e-12)
    assert (
        np.abs(
            problem.gradient(x, seed=5, step=7)[1] - problem.gradient(x, seed=4, step=7)[1]
        ).min()
        > 1e-6
    )
    assert (
        np.abs(
            problem.gradient(x, seed=4, step=8)[1] - problem.gradient(x, seed=4, step=7)[1]
        ).min()
        > 1e-6
    )
    np.testing.assert_allclose(fed, problem.gradient(x, seed=4, step=7)[1], rtol=1e-6, atol=1e-8)


def test_noise_is_not_in_what_is_recorded():
    """A noisy problem's curve is the noise-free objective at the points of its own path."""
    problem, sgd = ob.get_problem("quadratic[noise=0.3]"), ob.get_optimizer("sgd", lr=0.1)
    curve = ob.run([problem], [sgd], lrs=[0.1], seeds=[2], steps=30).curves
    walk = sgd.start(problem.start(2))
    losses = [problem.value_and_grad(walk.x)[0]]
    for step in range(1, 31):
        walk.step(problem.gradient(walk.x, seed=2, step=step)[1])
        losses.append(problem.value_and_grad(walk.x)[0])

    np.testing.assert_array_equal(curve["loss"], np.array(losses)[curve["step"]])


@pytest.mark.parametrize("bits", [2, 3, 8])
def test_a_quantised_gradient_has_so_many_levels(bits):
    """Every entry is a multiple of the largest over 2**(bits-1) - 1, and the nearest one."""
    problem = ob.get_problem("quadratic", bits=bits)
    x = problem.start(3)
    g, coarse = problem.value_and_grad(x)[1], problem.gradient(x, seed=3, step=1)[1]
    grid = np.abs(g).max() / (2 ** (bits - 1) - 1)

    np.testing.assert_allclose(coarse / grid, np.rint(coarse / grid), atol=1e-9)
    assert np.abs(coarse - g).max() <= grid / 2 * (1 + 1e-9)
    assert np.abs(coarse).max() == pytest.approx(np.abs(g).max())


@pytest.mark.parametrize("delay", [1, 4])
def test_a_late_gradient_is_that_of_an_earlier_point(delay):
    """The loop feeds the gradient of the point `delay` updates ago, the start's at first: as a
    plain loop does.
    """
    problem, late = ob.get_problem("rosenbrock"), ob.get_problem("rosenbrock", delay=delay)
    x, slopes, losses = problem.start(1), [], []
    for step in range(61):
        loss, g = problem.value_and_grad(x)
        slopes.append(g)
        losses.append(loss)
        x = x - 2e-4 * slopes[max(0, step - delay)]
    curve = ob.run([late], ["sgd"], lrs=[2e-4], seeds=[1], steps=60).curves

    np.testing.assert_allclose(curve["loss"], np.array(losses)[curve["step"]], rtol=1e-10)


def test_late_gradients_stay_a_runs_own():
    """A late run alone has the bits that it has among runs that end early and make the block
    narrower.
    """
    lrs = [1e-4, 1.0, 2e-4, 10.0, *np.geomspace(1e-5, 1e-1, 30)]
    among = ob.run(["rosenbrock[delay=3]"], ["momentum"], lrs=lrs, seeds=[1, 2], steps=400).runs
    alone = ob.run(["rosenbrock[delay=3]"], ["momentum"], lrs=[2e-4], seeds=[2], steps=400).runs
    row = among[(among["lr"] == 2e-4) & (among["seed"] == 2)]

    assert (among["status"] == "diverged").any()
    assert row["final_loss"].iloc[0] == alone["final_loss"].iloc[0]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_bits_do_not_depend_on_the_block(dtype, run_lanes):
    """A noisy, rotated, quantised run has the same bits in every width of block."""
    problem, rule = (
        ob.get_problem("rosenbrock[bits=12,dim=6,noise=0.1,rotated]"),
        ob.get_optimizer("adam"),
    )
    alone = run_lanes(problem, rule, [1e-2], [3], 50, dtype=dtype).curves[:, 0]
    for width in (7, 16, 33):
        lrs, seeds = np.geomspace(1e-3, 1, width), np.arange(width)
        lrs[5], seeds[5] = 1e-2, 3

        assert (
            run_lanes(problem, rule, lrs, seeds, 50, dtype=dtype).curves[:, 5].tobytes()
            == alone.tobytes()
        )


def test_names_say_it_and_starts_stay_paired():
    """Options are sorted into the name, defaults left out; the randomness is the family's,
    whatever the options.
    """
    problem = ob.get_problem("rosenbrock[rotated,noise=0.5,dim=10,shift=0]")

    assert problem.name == "rosenbrock[dim=10,noise=0.5,rotated]"
    assert (problem.kind, problem.deterministic) == ("noisy", False)
    assert ob.get_problem("rosenbrock[dim=10,noise=0.0]").name == "rosenbrock[dim=10]"
    np.testing.assert_array_equal(problem.keys([3]), ob.get_problem("rosenbrock").keys([3]))


def test_a_transforms_runs_are_kept_apart(tmp_path):
    """Runs of a problem and of its transform don't answer for each other in a store."""
    first = ob.run(["rosenbrock"], ["sgd"], lrs=[1e-4], seeds=[0], steps=50, store=tmp_path).runs
    second = ob.run(
        ["rosenbrock[delay=2]"], ["sgd"], lrs=[1e-4], seeds=[0], steps=50, store=tmp_path
    ).runs

    assert first["final_loss"].iloc[0] != second["final_loss"].iloc[0]
    assert len(ob.load(tmp_path).runs) == 2


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("rosenbrock[rescale=0.5]", "rescale is at least 1"),
        ("rosenbrock[noise=-1.0]", "noise at least 0"),
        ("rosenbrock[bits=40]", "bits are 0 or go from 2 to 32"),
        ("rosenbrock[bits=1]", "from 2 to 32"),
        ("rosenbrock[delay=-1]", "delay goes from 0"),
        ("digits[rotated]", "at most 512 coordinates"),
        ("rosenbrock[rotate]", "did you mean 'rotated'"),
    ],
)
def test_options_out_of_range_are_refused(name, reason):
    """A value that an option can't have raises a one-line error that names the allowed ones."""
    with pytest.raises(ValueError, match=reason) as error:
        ob.get_problem(name)
    assert "\n" not in str(error.value)
