"""Every registered problem is what it claims: gradient, start, minimum, targets; new ones join by
being registered.

The audit (test_audit.py) holds them to more, by other code.
"""

import numpy as np
import optbench as ob
import pytest
from optbench.bench.sweep.suites import default_problems, every_problem
from scipy import optimize
from twins import networks
from twins.differences import central_differences

MORE = [
    "rosenbrock[dim=3]",
    "quadratic[condition=1e6,dim=4]",
    "quadratic[condition=10.0,dim=7,rotated]",
    *(
        f"xor[activation={a},hidden={h},loss={loss}]"
        for a in networks.ACTIVATIONS
        for h, loss in zip((3, 5, 4), networks.LOSSES, strict=False)
    ),
    "digits[activation=relu,hidden=12]",
    "logistic_regression[batch=0]",
    "digits[batch=0,hidden=11]",
]
ALL = pytest.mark.parametrize("name", [*(problem.name for problem in every_problem()), *MORE])
DEFAULT = pytest.mark.parametrize(
    "name", sorted({*(problem.name for problem in default_problems()), *MORE})
)


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


@ALL
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


@ALL
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


@ALL
def test_loss_alone_equals_the_loss_with_its_gradient(name):
    """Asked for the loss alone (step -1), a kernel gives the same bits as with the gradient (step
    0).
    """
    problem = ob.get_problem(name)
    x = np.ascontiguousarray(np.stack(points(problem, 16), axis=1))
    both, alone, g = np.empty(16), np.empty(16), np.zeros_like(x)
    rows, keys = np.arange(problem.samples), problem.keys(range(16))
    problem.kernel()(x, g, both, problem.data_as("float64"), rows, keys, 0)
    problem.kernel()(x, g, alone, problem.data_as("float64"), rows, keys, -1)

    assert alone.tobytes() == both.tobytes()


@DEFAULT
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
        np.arange(problem.samples),
        problem.keys(range(16)),
        0,
    )
    for lane in range(3):
        value, slope = problem.value_and_grad(x[:, lane].astype(float))

        np.testing.assert_allclose(loss[lane], value, rtol=2e-4, atol=1e-5)
        np.testing.assert_allclose(
            g[:, lane], slope, rtol=2e-3, atol=2e-5 * max(1.0, np.abs(slope).max())
        )


@ALL
def test_start_is_paired_reproducible_and_unsolved(name):
    """Starts depend on the seed alone, differ between seeds, and meet no target but perhaps the
    easiest by luck.
    """
    problem = ob.get_problem(name)
    together = problem.starts([4, 0, 9])

    assert together[:, 1].tobytes() == problem.start(0).tobytes()
    assert problem.start(4).shape == (problem.dim,)
    assert len({problem.start(seed).tobytes() for seed in range(20)}) == 20
    assert all(
        problem.value_and_grad(problem.start(seed))[0] > problem.targets[-1] for seed in range(20)
    )


@ALL
def test_shapes_cover_x(name):
    """The parameter tensors sum to dim."""
    problem = ob.get_problem(name)

    assert sum(int(np.prod(shape)) for _, shape in problem.shapes) == problem.dim


@ALL
def test_minimum_is_attained_at_the_minimizers(name):
    """f at each minimizer is f* to rounding, the gradient is zero there, and no start lies below
    f*.
    """
    problem = ob.get_problem(name)
    if problem.minimum is None:
        assert problem.minimizers is None
        assert problem.levels
        return
    steep = np.abs(problem.value_and_grad(problem.start(0))[1]).max()
    for minimizer in problem.minimizers if problem.minimizers is not None else []:
        value, g = problem.value_and_grad(minimizer)

        assert value == pytest.approx(problem.minimum, rel=1e-12, abs=1e-12)
        assert np.abs(g).max() < 1e-6 * steep or "nonsmooth" in problem.tags
    assert all(
        problem.value_and_grad(problem.start(seed))[0] > problem.minimum for seed in range(5)
    )


@ALL
def test_targets_are_the_stated_shares_of_the_first_gap(name):
    """Targets are f* + tau (f(start 0) - f*), easiest first, the same for every seed."""
    problem = ob.get_problem(name)
    expected = problem.levels
    if expected is None:
        gap = problem.value_and_grad(problem.start(0))[0] - problem.minimum
        expected = [problem.minimum + tau * gap for tau in problem.taus]

    np.testing.assert_allclose(problem.targets, expected, rtol=1e-12)
    assert list(problem.targets) == sorted(problem.targets, reverse=True)


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
