"""Forward and backward passes over lanes against the plain network, for any shape and value."""

import numpy as np
import optbench as ob
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optbench.kernels.network.activations import Activation
from optbench.kernels.network.dense import CHUNK, network, parameter_shapes
from optbench.kernels.network.layout import describe, read
from optbench.kernels.network.losses import Loss
from optbench.kernels.padding import padded, padded_seeds
from optbench.problems.problem import Problem
from optbench.problems.split import split
from twins.networks import ACTIVATIONS, LOSSES, network_gradient, network_loss

SHAPES = st.tuples(
    st.lists(st.integers(1, 6), min_size=2, max_size=5),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(sorted(LOSSES)),
    st.integers(1, 9),
    st.integers(0, 2**32 - 1),
)


def made(widths, activation, loss, samples, seed, l2=0.0):
    random = np.random.default_rng(seed)
    inputs = random.normal(size=(samples, widths[0]))
    if loss == "poisson":
        targets = random.poisson(2.0, size=(samples, widths[-1])).astype(float)
    elif loss in ("mean_squared_error", "huber"):
        targets = random.normal(size=(samples, widths[-1]))
    elif loss == "binary_cross_entropy":
        targets = random.integers(0, 2, size=(samples, widths[-1])).astype(float)
    else:
        targets = random.integers(0, widths[-1], size=(samples, 1)).astype(float)
    dim = sum(int(np.prod(shape)) for _, shape in parameter_shapes(widths))
    problem = Problem(
        formula=network,
        center=np.zeros(dim),
        spread=1.0,
        budget=1,
        source="",
        data=describe(widths, activation, loss, inputs, targets, l2),
        samples=samples,
        family="made",
    )
    return problem, inputs, targets, random.normal(size=dim)


@given(SHAPES)
def test_a_network_is_read_as_it_was_described(shape):
    """`read` gives back the widths, codes, penalty, inputs and targets that `describe` got."""
    widths, activation, loss, samples, seed = shape
    _, inputs, targets, _ = made(widths, activation, loss, samples, seed)
    found = read(describe(widths, activation, loss, inputs, targets, 0.25))

    assert found.widths.tolist() == widths
    assert Activation(found.activation).name.lower() == activation
    assert Loss(found.loss).name.lower() == loss
    assert found.l2 == 0.25
    np.testing.assert_array_equal(found.inputs, inputs)
    np.testing.assert_array_equal(found.targets, targets)


@settings(max_examples=150)
@given(SHAPES)
def test_network_equals_the_plain_one(shape):
    """Loss and gradient agree with the plain network for any widths, activation, loss and number of
    samples.
    """
    widths, activation, loss, samples, seed = shape
    problem, inputs, targets, x = made(widths, activation, loss, samples, seed)
    value, g = problem.value_and_grad(x)
    expected = network_gradient(x, widths, activation, loss, inputs, targets)

    np.testing.assert_allclose(
        value,
        network_loss(x, widths, activation, loss, inputs, targets),
        rtol=1e-12,
        atol=1e-14,
    )
    np.testing.assert_allclose(
        g, expected, rtol=1e-10, atol=1e-12 * max(1.0, np.abs(expected).max())
    )


@pytest.mark.parametrize("samples", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5])
@pytest.mark.parametrize(
    "widths", [[40, 20, 3], [3, 2, 3]], ids=["products of each run", "loops over lanes"]
)
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_rows_may_take_several_passes(samples, widths, loss):
    """More rows than pass together give the same mean loss and gradient, with and without BLAS."""
    problem, inputs, targets, x = made(widths, "tanh", loss, samples, 11, l2=0.01)
    value, g = problem.value_and_grad(x)
    weights = np.concatenate(
        [np.full(int(np.prod(s)), len(s) == 2) for _, s in parameter_shapes(widths)]
    )
    expected = network_gradient(x, widths, "tanh", loss, inputs, targets) + 0.01 * weights * x

    np.testing.assert_allclose(
        value, network_loss(x, widths, "tanh", loss, inputs, targets, 0.01), rtol=1e-12
    )
    np.testing.assert_allclose(
        g, expected, rtol=1e-9, atol=1e-12 * max(1.0, np.abs(expected).max())
    )


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "softmax_cross_entropy"])
@pytest.mark.parametrize("size", [1e2, 1e4, 1e8])
def test_extreme_logits_neither_overflow_nor_vanish(loss, size):
    """At logits of +-1e8 the losses are the logits themselves and gradients are finite."""
    problem, inputs, targets, x = made([3, 2], "identity", loss, 6, 5)
    value, g = problem.value_and_grad(size * x)

    assert np.isfinite(g).all()
    np.testing.assert_allclose(
        value,
        network_loss(size * x, [3, 2], "identity", loss, inputs, targets),
        rtol=1e-12,
    )


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_saturated_units_have_no_slope(activation):
    """Far in saturation the gradient of the hidden weights is zero, not NaN."""
    problem, *_, x = made([2, 3, 1], activation, "mean_squared_error", 4, 2)
    x[:9] = 1e6
    _, g = problem.value_and_grad(x)

    assert np.isfinite(g).all()
    np.testing.assert_allclose(g[:9], 0.0, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("samples", [4, 600], ids=["loops over lanes", "products of each run"])
def test_a_nan_output_is_seen_in_the_loss(samples, dtype):
    """One output that is no number makes the loss none, whichever class it is of, and its
    accuracy is NaN.
    """
    random = np.random.default_rng(3)
    inputs, labels = random.normal(size=(samples, 8)), np.zeros((samples, 1))
    problem = ob.dense_problem(
        [8, 4],
        "identity",
        "softmax_cross_entropy",
        inputs,
        labels,
        held_out=(inputs, labels),
        budget=1,
        source="",
        family="one class",
        levels=(0.0,),
    )
    for k in range(4):
        x = padded(np.ones((problem.dim, 1), dtype))
        x[32 + k] = np.nan
        for step in (0, -1):
            g, loss = np.zeros_like(x), np.zeros(x.shape[1])
            keys, rows = padded_seeds(problem.keys([0])), np.arange(samples)
            problem.kernel(dtype)(x, g, loss, problem.data_as(dtype), rows, keys, step)

            assert np.isnan(loss).all()
        assert np.isnan(g[0]).all()


def test_uniform_prediction_costs_log_classes():
    """With all weights zero, softmax cross-entropy of digits is log 10 and XOR's binary
    cross-entropy log 2.
    """
    digits, xor = ob.get_problem("digits"), ob.get_problem("xor", loss="binary_cross_entropy")

    assert digits.value_and_grad(np.zeros(digits.dim))[0] == pytest.approx(np.log(10), rel=1e-14)
    assert xor.value_and_grad(np.zeros(xor.dim))[0] == pytest.approx(np.log(2), rel=1e-14)


@pytest.mark.parametrize("step", [1, 22, 23, 24, 45])
def test_digits_mini_batch_equals_the_plain_network(step):
    """The gradient of a real mini-batch, the short last one of an epoch included, equals the plain
    one on its rows.
    """
    from sklearn.datasets import load_digits

    inputs, labels, *_ = split(*map(np.asarray, load_digits(return_X_y=True)))
    problem = ob.get_problem("digits")
    rows = problem.rows(3, step)
    x = problem.start(3)
    value, g = problem.gradient(x, seed=3, step=step)
    batch, targets = inputs[rows] / 16, labels[rows]
    layers = [64, 32, 10], "tanh", "softmax_cross_entropy", batch, targets

    assert rows.size == (1438 % 64 if step in (23,) else 64)
    np.testing.assert_allclose(value, network_loss(x, *layers), rtol=1e-12)
    np.testing.assert_allclose(g, network_gradient(x, *layers), rtol=1e-9, atol=1e-14)
