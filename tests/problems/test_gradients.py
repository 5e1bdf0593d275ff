"""Gradients and values of every registered problem, held against code that isn't theirs.

What the conformance kit asks of a problem is asked in test_requirements.py.
"""

import numpy as np
import optbench as ob
import pytest
from problem_names import ALL, DEFAULT
from scipy import optimize
from twins.differences import central_differences


def points(problem, count=3):
    """A few points around the starts of several seeds, off the kinks of ReLU at zero biases."""
    shift = np.random.default_rng(1).normal(scale=0.1, size=(count, problem.dim))
    starts = [problem.start(seed) for seed in range(count)]
    return [
        start + shift[seed] * np.clip(np.abs(start), 0.1, 1.0) for seed, start in enumerate(starts)
    ]


def rounding(loss, g):
    """What central differences of a loss of this size may be wrong by."""
    return 1e-7 * max(1.0, np.abs(g).max()) + 1e-9 * abs(loss)


@pytest.mark.parametrize("name", ALL)
def test_gradient_equals_central_differences(name):
    """The analytic gradient of the full objective agrees with central differences at several
    points.
    """
    problem = ob.get_problem(name)
    coordinates = np.random.default_rng(0).permutation(problem.dim)[:60]
    for x in points(problem):
        loss, g = problem.value_and_grad(x)

        def along(part, x=x):
            moved = x.copy()
            moved[coordinates] = part
            return problem.value_and_grad(moved)[0]

        expected = central_differences(along, x[coordinates])

        np.testing.assert_allclose(g[coordinates], expected, rtol=1e-6, atol=rounding(loss, g))


@pytest.mark.parametrize("name", ALL)
def test_mini_batch_gradient_equals_central_differences(name):
    """What the loop feeds a rule is the gradient of the loss that it reports with it, mini-batch
    included.
    """
    problem = ob.get_problem(name)
    coordinates = np.random.default_rng(0).permutation(problem.dim)[:30]
    x = points(problem, 1)[0]
    loss, g = problem.gradient(x, seed=3, step=5)

    def along(part):
        moved = x.copy()
        moved[coordinates] = part
        return problem.gradient(moved, seed=3, step=5)[0]

    expected = central_differences(along, x[coordinates])

    np.testing.assert_allclose(g[coordinates], expected, rtol=1e-6, atol=rounding(loss, g))


@pytest.mark.parametrize("name", DEFAULT)
def test_float32_gradient_follows_float64(name):
    """In float32 storage the gradient is that of float64 to the dtype's rounding."""
    problem = ob.get_problem(name)
    x = np.ascontiguousarray(np.stack(points(problem, 16), axis=1).astype(np.float32))
    g, loss = np.zeros_like(x), np.empty(16)
    problem.kernel("float32")(
        x,
        g,
        loss,
        problem.data_as("float32"),
        np.arange(problem.data_set.samples),
        problem.keys(range(16)),
        0,
    )
    for lane in range(3):
        value, slope = problem.value_and_grad(x[:, lane].astype(float))

        np.testing.assert_allclose(loss[lane], value, rtol=2e-4, atol=1e-5)
        np.testing.assert_allclose(
            g[:, lane], slope, rtol=2e-3, atol=2e-5 * max(1.0, np.abs(slope).max())
        )


@pytest.mark.parametrize("name", ALL)
def test_starts_of_other_seeds_are_others(name):
    """Twenty seeds have twenty starts."""
    problem = ob.get_problem(name)

    assert len({problem.start(seed).tobytes() for seed in range(20)}) == 20


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        # f(-1.2, 1) = 24.2: More, Garbow & Hillstrom (1981), problem 1
        ("rosenbrock", [2.42, 0.0242, 0.000242]),
        # f(3, -1, 0, 1) = 215: the same, problem 13
        ("powell_singular", [21.5, 0.215, 0.00215]),
        # f(-3, -1, -3, -1) = 19192: the same, problem 14
        ("wood", [1919.2, 19.192, 0.19192]),
        # f(2.5, 12.5) = 95.8447 and f* = 0.3978873577: 95.4468126423 apart
        ("noisy_branin", [9.9425686219, 0.4933341703, 0.3988418258]),
    ],
)
def test_targets_are_shares_of_the_first_gap(name, targets):
    """A tenth, a thousandth and a hundred-thousandth of the way from f* to the loss at seed 0's
    start, worked out by hand from published values.
    """
    assert ob.get_problem(name).targets == pytest.approx(targets, rel=1e-6)


def test_targets_below_the_dtype_are_dropped():
    """A target that the dtype can't tell from f* is no target in that dtype."""
    problem = ob.get_problem("linear_regression")
    levels32 = problem.targets_for("float32")

    assert len(problem.targets_for("float64")) == 3
    assert all(level - problem.minimum >= 4 * np.finfo("float32").eps for level in levels32)


@pytest.mark.parametrize(
    "name", ["linear_regression", "logistic_regression", "logistic_regression[batch=0,l2=0.1]"]
)
def test_minimum_equals_scipy(name):
    """f* agrees with what SciPy's BFGS finds from the kernel's own values and gradients."""
    problem = ob.get_problem(name)
    found = optimize.minimize(
        problem.value_and_grad, problem.start(0), jac=True, method="BFGS", options={"gtol": 1e-9}
    )

    assert found.fun == pytest.approx(problem.minimum, rel=1e-9)
    assert found.fun >= problem.minimum - 1e-14


def test_xor_can_be_solved():
    """The 2-2-1 tanh network reaches f* = 0: an explicit solution in tanh of x1 + x2."""
    slope, offset = (
        2.0,
        -2.0,
    )  # symmetric about x1 + x2 = 1, so the even part of one unit and its mirror suffice
    hidden = np.tanh(
        np.array([[slope * s + offset, -slope * s - offset + 2.0] for s in (0.0, 1.0, 2.0)])
    )
    output = np.linalg.solve(np.hstack([hidden, np.ones((3, 1))]), [0.0, 1.0, 0.0])
    x = np.array([slope, -slope, slope, -slope, offset, -offset + 2.0, *output])

    assert ob.get_problem("xor").value_and_grad(x)[0] < 1e-25


def test_bad_points_and_steps_are_refused():
    """A point of another shape, or step 0 of the loop's gradient, is an error that says so."""
    problem = ob.get_problem("rosenbrock")
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        problem.value_and_grad(np.zeros(3))
    with pytest.raises(ValueError, match="numbered from 1"):
        problem.gradient(np.zeros(2), step=0)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("rosenbrock[dim=1]", "at least 2"),
        ("quadratic[dim=0]", "at least 1"),
        ("quadratic[spectrum=two_cluster]", "did you mean 'two_clusters'"),
        ("xor[hidden=0]", "at least 1"),
        ("xor[activation=tan]", "did you mean 'tanh'"),
        ("xor[loss=mse]", "mean_squared_error"),
        ("digits[batch=-1]", "batch from 0"),
        ("logistic_regression[l2=0.0]", "positive"),
        ("rosenbrock[dims=3]", "did you mean 'dim'"),
        ("rosenbrock[dim=two]", "int"),
    ],
)
def test_bad_parameters_are_refused(name, reason):
    """A parameter out of range or unknown is one line that says what is allowed."""
    with pytest.raises(ValueError, match=reason) as error:
        ob.get_problem(name)
    assert "\n" not in str(error.value)
