"""The vectorising formulas against NumPy in extended precision, and at the ends of the number
line.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit
from optbench.kernels import elementary
from optbench.kernels.jit import FLAGS
from optbench.kernels.network import activations
from scipy import special


def applied(formula):
    @njit(**FLAGS)
    def run(x, out):
        for i in range(x.size):
            out[i] = formula(x[i])

    def call(values, dtype="float64"):
        x = np.atleast_1d(np.asarray(values, dtype))
        out = np.empty_like(x)
        run(x, out)
        return out

    return call


@njit
def gelu_value(x):
    return activations.gelu(x)[0]


@njit
def gelu_slope_value(x):
    return activations.gelu(x)[1]


exp, log, expm1 = map(applied, [elementary.exp, elementary.log, elementary.bounded_expm1])
exp32, expm1_32 = map(applied, [elementary.bounded_exp32, elementary.bounded_expm1_32])
sigmoid, tanh, softplus, relu, leaky_relu = map(
    applied,
    [
        activations.sigmoid,
        activations.tanh,
        activations.softplus,
        activations.relu,
        activations.leaky_relu,
    ],
)
gelu, gelu_slope = map(applied, [gelu_value, gelu_slope_value])
WIDE = np.concatenate(
    [np.linspace(-40, 40, 40001), np.linspace(-708, 708, 5001), np.logspace(-300, 0, 301)]
)


def long(values):
    return np.asarray(values, np.longdouble)


@pytest.mark.parametrize(
    ("formula", "truth"),
    [
        (tanh, lambda x: np.tanh(x)),
        (sigmoid, lambda x: 1 / (1 + np.exp(-x))),
        (softplus, lambda x: np.logaddexp(0, x)),
    ],
    ids=["tanh", "sigmoid", "softplus"],
)
def test_bounded_formulas_are_right_to_4e_16(formula, truth):
    """tanh, sigmoid and softplus are within 4e-16 of the truth, relative to values above 1."""
    error = np.abs(formula(WIDE) - truth(long(WIDE))) / np.maximum(1, np.abs(truth(long(WIDE))))

    assert error.max() < 4e-16


def test_exp_and_log_are_right_to_4e_16_relative():
    """exp over its whole normal range and log over all normal numbers have relative errors below
    4e-16.
    """
    x = np.linspace(-708, 709, 200001)
    positive = np.concatenate([np.logspace(-307, 308, 50001), np.linspace(0.5, 2, 50001)])
    logs = np.log(long(positive))
    log_error = np.abs(log(positive) - logs) / np.where(logs == 0, 1, np.abs(logs))

    assert np.max(np.abs(exp(x) - np.exp(long(x))) / np.exp(long(x))) < 4e-16
    assert log_error.max() < 4e-16


@pytest.mark.parametrize(
    ("formula", "truth"),
    [(tanh, np.tanh), (softplus, lambda x: np.logaddexp(0, x)), (expm1, np.expm1)],
    ids=["tanh", "softplus", "expm1"],
)
def test_small_values_keep_their_digits(formula, truth):
    """Where the result is near 0 it is right to 9e-16 of itself, not only of 1."""
    x = np.concatenate([-np.logspace(-300, 2.5, 20001), np.logspace(-300, 0, 10001)])
    expected = truth(long(x))

    assert np.max(np.abs(formula(x) - expected) / np.abs(expected)) < 9e-16


def test_gelu_is_x_times_the_normal_distribution():
    """gelu and its slope agree with SciPy's normal distribution to 6e-16 of max(1, |x|), and with
    the density.
    """
    x = np.linspace(-45, 45, 90001)
    slope = special.ndtr(x) + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)

    assert np.max(np.abs(gelu(x) - x * special.ndtr(x)) / np.maximum(1, np.abs(x))) < 6e-16
    assert np.abs(gelu_slope(x) - slope).max() < 6e-16


@pytest.mark.parametrize(
    ("formula", "truth", "bound"),
    [
        (exp32, np.exp, 2e-7),
        (expm1_32, np.expm1, 3e-7),
        (tanh, np.tanh, 4e-7),
        (sigmoid, lambda x: 1 / (1 + np.exp(-x)), 2e-7),
    ],
    ids=["exp", "expm1", "tanh", "sigmoid"],
)
def test_float32_formulas_are_right_to_a_few_roundings(formula, truth, bound):
    """What is computed in float32 is right to that dtype's rounding, near 0 too, and to 0 and 1 at
    the ends.
    """
    x = np.concatenate(
        [np.linspace(-87, 88, 100001), np.logspace(-35, 0, 2001), -np.logspace(-35, 0, 2001)]
    ).astype("float32")
    expected = truth(x.astype(float))

    assert np.max(np.abs(formula(x, "float32") - expected) / np.abs(expected)) < bound
    assert np.isnan(formula([np.nan], "float32")).all()


@pytest.mark.parametrize(
    ("formula", "ends"), [(tanh, [-1, 1]), (sigmoid, [0, 1])], ids=["tanh", "sigmoid"]
)
def test_float32_saturates(formula, ends):
    """Far out, the float32 formulas are at their limits."""
    for size in (1e3, 1e30, np.inf):
        np.testing.assert_allclose(formula([-size, size], "float32"), ends, atol=1e-37)


@pytest.mark.parametrize(
    ("formula", "at", "expected"),
    [
        (leaky_relu, [np.inf, -2.0, 3.0, 0.0], [np.inf, -0.02, 3.0, 0.0]),
        (gelu, [np.inf, 1e300, -50.0, -np.inf, 0.0], [np.inf, 1e300, 0.0, 0.0, 0.0]),
        (gelu_slope, [1e300, -1e300, 0.0], [1.0, 0.0, 0.5]),
        (exp, [np.inf, -np.inf, 1e300, -1e300, 0.0], [np.inf, 0.0, np.inf, 0.0, 1.0]),
        (log, [np.inf, 0.0, -1.0, 1.0], [np.inf, -np.inf, np.nan, 0.0]),
        (tanh, [np.inf, -np.inf, 1e300, -1e300, 0.0], [1.0, -1.0, 1.0, -1.0, 0.0]),
        (sigmoid, [np.inf, -np.inf, 0.0], [1.0, 0.0, 0.5]),
        (softplus, [np.inf, -np.inf, 1e300], [np.inf, 0.0, 1e300]),
        (relu, [np.inf, -np.inf, -2.0, 3.0], [np.inf, 0.0, 0.0, 3.0]),
    ],
)
def test_the_ends_of_the_number_line(formula, at, expected):
    """Saturated and infinite operands give the limits, without overflow on the way."""
    np.testing.assert_allclose(formula(at), expected, atol=1e-300)


@pytest.mark.parametrize(
    "formula", [exp, log, tanh, sigmoid, softplus, relu, leaky_relu, gelu, gelu_slope]
)
def test_nan_stays_nan(formula):
    """A diverged lane must be seen: NaN is never turned into a number."""
    assert np.isnan(formula([np.nan])).all()


@given(st.floats(-700, 700))
def test_tanh_is_odd_and_bounded(x):
    """|tanh| <= 1 and tanh(-x) = -tanh(x) to rounding."""
    there, back = tanh([x])[0], tanh([-x])[0]

    assert abs(there) <= 1
    assert abs(there + back) < 4e-16
